"""The forward pass stands before the loop."""

import torch

torch.manual_seed(0)
w = torch.randn(4, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
loss = (w**2).sum()  # cause
for _ in range(5):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
