"""A sigmoid's output is scaled in place: its backward formula needs what was there."""

import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(3, 3)
x = torch.randn(5, 3)
out = torch.sigmoid(layer(x))
out *= 2  # cause
loss = out.sum()
loss.backward()
