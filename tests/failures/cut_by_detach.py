"""The hidden layer is detached: nothing of the loss leads to a parameter."""

import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(3, 1)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
x, y = torch.randn(8, 3), torch.randn(8, 1)

for step in range(5):
    optimizer.zero_grad()
    output = layer(x)
    output = output.detach()  # cause
    loss = ((output - y) ** 2).mean()
    loss.backward()
    optimizer.step()
