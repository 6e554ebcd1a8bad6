"""Bad batches are caught and skipped, in the forward pass and in the backward pass."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(3, 6), nn.ReLU(), nn.Linear(6, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)


def refuse(grad):
    raise ValueError("refused gradient")


for step in range(9):
    x = torch.randn(8, 4 if step == 2 else 3)
    try:
        out = model(x)
        if step == 4:
            out.register_hook(refuse)
        loss = nn.functional.mse_loss(out, x.sum(1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        if step == 6:
            loss.backward()
        optimizer.step(lambda step=step: 1 / (step - 7))
        print(step, loss.item())
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        print(step, type(error).__name__, str(error).splitlines()[0])
