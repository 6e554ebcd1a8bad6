"""Accuracy is used as the loss: a comparison has no gradient."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1), nn.Sigmoid())
x, y = torch.rand(12, 2), torch.randint(0, 2, (12, 1)).float()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for _ in range(3):
    decided = model(x) > 0.5  # cause
    loss = (decided.float() - y).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
