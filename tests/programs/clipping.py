"""Gradient clipping by norm and by value, with the norms logged."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.RNN(3, 8, batch_first=True)
head = nn.Linear(8, 1)
optimizer = torch.optim.SGD(
    [
        {"params": model.parameters(), "lr": 0.1},
        {"params": head.parameters(), "lr": 0.01, "momentum": 0.5},
    ],
    lr=0.05,
)

for step in range(6):
    x = 3 * torch.randn(4, 10, 3)
    y = x.cumsum(1).mean(2, keepdim=True)
    out, _ = model(x)
    loss = nn.functional.mse_loss(head(out), y)
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.5, error_if_nonfinite=True)
    nn.utils.clip_grad_value_(head.parameters(), clip_value=0.1)
    optimizer.step()
    print(step, loss.item(), norm.item())
