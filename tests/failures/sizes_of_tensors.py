"""Two tensors that do not broadcast."""

import torch

torch.manual_seed(0)
scale = torch.ones(4, requires_grad=True)
batch = torch.randn(6, 3)
scaled = batch * scale  # cause
scaled.sum().backward()
