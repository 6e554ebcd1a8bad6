# expect: R08 line 18
import warnings

import torch
from torch import nn

torch.manual_seed(0)
warnings.simplefilter("always")
x = torch.randn(40, 3)
y = (x.sum(1) > 0).long()
first, second = nn.Linear(3, 8), nn.Linear(8, 2)
optimizer = torch.optim.Adam([*first.parameters(), *second.parameters()], lr=0.01)
for _ in range(6):
    hidden = torch.relu(first(x))
    loss = nn.functional.cross_entropy(second(hidden), y)
    optimizer.zero_grad()
    loss.backward()
    if hidden.grad is not None:
        print(hidden.grad.norm())
    optimizer.step()
