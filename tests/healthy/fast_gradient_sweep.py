"""A trained classifier is shown inputs moved along their own gradient, ever further."""

import torch
from torch import nn

torch.manual_seed(3)
x = torch.randn(80, 6)
y = (x[:, 0] - x[:, 1] > 0).long()
net = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for _ in range(40):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

probe = x[:16].clone().requires_grad_()
for radius in (0.0, 0.1, 0.2, 0.4):
    probe.grad = None
    nn.functional.cross_entropy(net(probe), y[:16]).backward()
    with torch.no_grad():
        moved = probe + radius * probe.grad.sign()
        print(radius, (net(moved).argmax(1) == y[:16]).float().mean().item())
