"""Gradients of the input are shown; nothing is wrong with their adding up to nothing."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(32, 6)
y = x[:, :1] * 2
model = nn.Linear(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(15):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
probe = x[:4].clone().requires_grad_(True)
model(probe).sum().backward()
print(probe.grad.abs().mean(0))
