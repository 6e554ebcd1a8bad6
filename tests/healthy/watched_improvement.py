"""A loss is compared with the one before it; each graph is dropped after one step."""

import torch
from torch import nn

torch.manual_seed(5)
x = torch.randn(64, 4)
y = torch.sin(x[:, :1]) + x[:, 1:2]
net = nn.Sequential(nn.Linear(4, 24), nn.Tanh(), nn.Linear(24, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
previous, calm = None, 0
for _ in range(60):
    optimizer.zero_grad()
    fit, size = nn.functional.mse_loss(net(x), y), net[0].weight.square().mean()
    loss = fit + 1e-4 * size
    loss.backward()
    optimizer.step()
    parts = {"fit": fit.item(), "size": size.item(), "loss": loss.item()}
    if previous is not None and (0.5 * previous - 0.5 * loss) < 1e-6:
        calm += 1
    previous = loss
print(calm, parts)
