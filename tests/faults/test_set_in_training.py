# expect: R79 line 8
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(100, 6)
y = (x[:, 0] * x[:, 1] > 0).long()
train, test = torch.randperm(100)[:80], torch.randperm(100)[:20]
net = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(10):
    loss = nn.functional.cross_entropy(net(x[train]), y[train])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        print((net(x[test]).argmax(1) == y[test]).float().mean().item())
