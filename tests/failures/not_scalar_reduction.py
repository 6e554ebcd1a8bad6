"""reduction="none" leaves one loss for each example."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
criterion = nn.MSELoss(reduction="none")
x, y = torch.randn(8, 3), torch.randn(8, 1)
loss = criterion(model(x), y)  # cause
loss.backward()
