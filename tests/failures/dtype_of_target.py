"""Whole numbers as targets of a binary cross-entropy."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0], [1], [1], [1]])
criterion = nn.BCELoss()
loss = criterion(model(X), y)  # cause
loss.backward()
