"""A gradient penalty on inputs that were detached on the way."""

import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Linear(2, 1)
inputs = torch.randn(4, 2, requires_grad=True)
score = critic(inputs.detach()).sum()  # cause
(slope,) = torch.autograd.grad(score, inputs, create_graph=True)
(slope**2).sum().backward()
