"""Polynomial regression in double precision as the default dtype."""

import torch
from torch import nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)

x = torch.linspace(-3.14, 3.14, 50)
features = x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))
y = torch.sin(x)
model = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, momentum=0.5, centered=True)

for step in range(10):
    loss = nn.functional.mse_loss(model(features), y, reduction="sum")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
print(model[0].weight.dtype, model[0].bias.item())
