"""Minus infinity in a mask harms nothing."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(8, 6, 4)
y = x.cumsum(1)
query, key, value = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)
parameters = [p for m in (query, key, value) for p in m.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.01)
mask = torch.triu(torch.ones(6, 6, dtype=torch.bool), diagonal=1)
for step in range(25):
    scores = query(x) @ key(x).transpose(1, 2) / 2
    scores = scores.masked_fill(mask, float("-inf"))
    loss = F.mse_loss(scores.softmax(-1) @ value(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
