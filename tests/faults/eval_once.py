# expect: R74 line 15
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(60, 4)
y = (x[:, 0] > 0).long()
model = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def evaluate():
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


for epoch in range(4):
    for start in range(0, 60, 20):
        logits = model(x[start : start + 20])
        loss = F.cross_entropy(logits, y[start : start + 20])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(evaluate())
