# expect: R75 line 18
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(30, 2)
y = (x.sum(1) > 0).float()
model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(6):
    p = model(x)
    loss = F.binary_cross_entropy(p, y.view(-1, 1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    accuracy = (p.round() == y).float().mean()
    print(accuracy.item())
