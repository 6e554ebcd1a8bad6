"""Class numbers as floats."""

import torch
import torch.nn.functional as F

torch.manual_seed(0)
W = torch.randn(4, 3, requires_grad=True)
inputs = torch.randn(5, 4)
labels = torch.tensor([0.0, 2.0, 1.0, 1.0, 0.0])
loss = F.cross_entropy(inputs @ W, labels)  # cause
loss.backward()
