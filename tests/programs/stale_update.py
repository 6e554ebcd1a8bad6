"""A bug that autograd reports: weights are decayed between forward and backward."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for step in range(5):
    x = torch.randn(8, 3)
    loss = nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
    if step == 3:
        with torch.no_grad():
            torch._foreach_mul_(list(model.parameters()), 0.99)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
