"""A tensor subclass that carries a unit through __torch_function__."""

import torch
from torch import nn

torch.manual_seed(0)
calls = {}


class Quantity(torch.Tensor):
    unit = "m"

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", str(func))
        calls[name] = calls.get(name, 0) + 1
        return super().__torch_function__(func, types, args, kwargs or {})


model = nn.Linear(3, 1)
scale = nn.Parameter(torch.ones(3).as_subclass(Quantity))
optimizer = torch.optim.SGD([*model.parameters(), scale], lr=0.05)

for step in range(5):
    x = torch.randn(8, 3).as_subclass(Quantity)
    out = model(x * scale)
    loss = (out - x.sum(1, keepdim=True)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, type(out).__name__, out.unit, loss.item())
print(calls)
