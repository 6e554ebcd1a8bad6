"""One of the tensors never entered the loss."""

import torch

torch.manual_seed(0)
used = torch.randn(3, requires_grad=True)
unused = torch.randn(3, requires_grad=True)  # cause
loss = (used**2).sum()
gradients = torch.autograd.grad(loss, [used, unused])
