"""The losses of several examples are put into a new tensor."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 4)
losses = []
for _ in range(4):
    losses.append((model(torch.randn(3)) ** 2).mean())
loss = torch.tensor(losses).mean()  # cause
loss.backward()
