"""torch.compile on a model, on a loss function (backend eager), and on both as one function."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 2))
compiled = torch.compile(model, backend="aot_eager")


@torch.compile(backend="eager")
def loss_fn(out, target):
    return (out - target).square().mean() + 1e-3 * out.abs().sum()


optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
for step in range(5):
    x = torch.randn(8, 4)
    loss = loss_fn(compiled(x), x[:, :2] * x[:, 2:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())


@torch.compile(backend="aot_eager")
def whole(x):
    return (model(x) - x[:, 2:]).square().mean()


for step in range(3):
    loss = whole(torch.randn(8, 4))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print("whole", step, loss.item())
print(model(x).sum().item())
