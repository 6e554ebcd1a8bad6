"""Two losses share a part of the graph; the first pass frees it."""

import torch
from torch import nn

torch.manual_seed(0)
trunk = nn.Linear(4, 4)
heads = nn.Linear(4, 1), nn.Linear(4, 1)
x = torch.randn(6, 4)
features = torch.tanh(trunk(x))  # cause
first = heads[0](features).mean()
second = (heads[1](features) ** 2).mean()
first.backward()
second.backward()
