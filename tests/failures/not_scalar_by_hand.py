"""The squared error is never summed."""

import torch

torch.manual_seed(0)
w = torch.randn(2, requires_grad=True)


def train():
    inputs, targets = torch.randn(5, 2), torch.randn(5)
    errors = (inputs @ w - targets) ** 2  # cause
    errors.backward()


train()
