"""A mean squared error of sizes that do not broadcast."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(3):
    inputs, target = torch.randn(4, 2), torch.randn(4, 2)
    output = model(inputs)
    loss = nn.functional.mse_loss(output, target)  # cause
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
