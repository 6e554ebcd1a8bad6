"""Classes counted from 1."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 3)
criterion = nn.CrossEntropyLoss()
inputs, labels = torch.randn(5, 4), torch.tensor([1, 2, 3, 1, 2])
loss = criterion(model(inputs), labels)  # cause
loss.backward()
