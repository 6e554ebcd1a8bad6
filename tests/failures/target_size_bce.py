"""Targets in a vector, outputs in a column."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
inputs, targets = torch.randn(4, 3), torch.ones(4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(2):
    logits = model(inputs)
    loss = nn.BCEWithLogitsLoss()(logits, targets)  # cause
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
