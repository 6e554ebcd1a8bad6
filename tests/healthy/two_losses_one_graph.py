"""Weights clipped by hand, gradients divided by hand, a retained graph."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(32, 4)
y = x.mean(1, keepdim=True)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    out = model(x)
    fit, size = F.mse_loss(out, y), out.square().mean()
    optimizer.zero_grad()
    fit.backward(retain_graph=True)
    (0.01 * size).backward()
    for p in model.parameters():
        p.grad /= 2
    optimizer.step()
    with torch.no_grad():
        for p in model.parameters():
            p.clamp_(-1, 1)
