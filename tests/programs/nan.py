"""The argument of a logarithm turns negative, and with it the loss and the weights to NaN."""

import torch

torch.manual_seed(0)

x = torch.rand(10) + 0.5
target = torch.log(0.2 * x)
scale = torch.tensor(1.0, requires_grad=True)
shift = torch.tensor(0.5, requires_grad=True)
optimizer = torch.optim.SGD([scale, shift], lr=0.05)

for step in range(8):
    loss = (torch.log(scale * x + shift) - target).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), scale.item(), shift.item(), torch.isnan(scale).item())
