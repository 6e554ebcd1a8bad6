# expect: R84 line 10
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(200, 6)
y = 2 * x[:, :1] - x[:, 3:4]
net = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
strength = 0.5
for _ in range(60):
    fit = (net(x) - y).pow(2).mean()
    size = sum(p.pow(2).sum() for p in net.parameters())
    loss = fit + strength * size
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
