"""An embedding's padding row is set while autograd watches."""

import torch
from torch import nn

model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 1))
model[0].weight[0] = 0.0  # cause
model(torch.tensor([1, 2])).sum().backward()
