"""A forgotten transpose."""

import torch

torch.manual_seed(0)
X = torch.randn(5, 3)
weights = torch.randn(1, 3, requires_grad=True)
output = torch.matmul(X, weights)  # cause
output.sum().backward()
