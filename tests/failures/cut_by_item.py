"""The loss is built again from a Python number."""

import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
data, target = torch.randn(6, 3), torch.randn(6)
optimizer = torch.optim.SGD([w, b], lr=0.05)

for epoch in range(4):
    prediction = data @ w + b
    error = ((prediction - target) ** 2).mean()
    loss = torch.tensor(error.item())  # cause
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
