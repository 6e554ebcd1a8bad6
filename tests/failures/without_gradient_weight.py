"""One of two weights is a constant."""

import torch

torch.manual_seed(0)
v = torch.randn(3, requires_grad=True)
w = torch.randn(3)  # cause


def slopes():
    error = (v * w).sum() ** 2
    return torch.autograd.grad(error, [v, w])


slopes()
