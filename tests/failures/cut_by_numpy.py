"""The error is calculated with NumPy."""

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
x, y = torch.randn(5, 2), torch.randn(5, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

for _ in range(3):
    prediction = net(x)
    difference = prediction.detach().numpy() - y.numpy()  # cause
    loss = torch.tensor((difference**2).mean(), requires_grad=False)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
