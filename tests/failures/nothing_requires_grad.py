"""The OR gate, its weights made without requires_grad."""

import torch

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])  # cause
y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])  # cause
weights = torch.zeros(2, 1)
bias = torch.zeros(1)

for step in range(10):
    output = torch.sigmoid(X @ weights + bias)
    loss = torch.nn.functional.binary_cross_entropy(output, y)
    loss.backward()
