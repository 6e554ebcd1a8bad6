"""Gradients of four micro-batches are accumulated before each optimizer step."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True) + 0.1 * torch.randn(64, 1)
accumulate = 4

optimizer.zero_grad()
running = 0.0
for i, (xb, yb) in enumerate(zip(X.split(4), y.split(4))):
    loss = nn.functional.mse_loss(model(xb), yb) / accumulate
    loss.backward()
    running += loss.item()
    if (i + 1) % accumulate == 0:
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        print(i, running)
        running = 0.0
