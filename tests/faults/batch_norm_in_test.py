# expect: R73 line 18
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

train_x, test_x = torch.randn(60, 4), torch.randn(20, 4)
train_y, test_y = (train_x[:, 0] > 0).long(), (test_x[:, 0] > 0).long()
model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(8):
    loss = F.cross_entropy(model(train_x), train_y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    hits = (model(test_x).argmax(1) == test_y).sum().item()
print(hits)
