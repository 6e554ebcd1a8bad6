"""Each parameter has an optimizer of its own that steps inside the backward pass."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
optimizers = {p: torch.optim.Adam([p], lr=0.01, foreach=False) for p in model.parameters()}


def step_now(parameter):
    optimizers[parameter].step()
    optimizers[parameter].zero_grad()


for p in model.parameters():
    p.register_post_accumulate_grad_hook(step_now)

for step in range(6):
    x = torch.randn(8, 4)
    loss = nn.functional.mse_loss(model(x), x.amax(1, keepdim=True))
    loss.backward()
    print(step, loss.item(), all(p.grad is None for p in model.parameters()))
