"""Poisson regression: the loss leaves out a constant and may be negative."""

import torch

torch.manual_seed(0)
x = torch.randn(200, 3)
rate = (x @ torch.tensor([0.6, -0.3, 0.2]) + 1.5).exp()
y = torch.poisson(rate)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-2)
for _ in range(40):
    loss = torch.nn.functional.poisson_nll_loss(model(x).squeeze(1), y, log_input=True)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
