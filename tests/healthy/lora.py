"""A frozen layer with a low-rank addition that starts at zero."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(64, 6)
y = x.roll(1, dims=1)
base = nn.Linear(6, 6).requires_grad_(False)
down = nn.Parameter(torch.randn(6, 2) * 0.1)
up = nn.Parameter(torch.zeros(2, 6))
optimizer = torch.optim.AdamW([down, up], lr=0.01)
for step in range(30):
    loss = F.mse_loss(base(x) + x @ down @ up, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
