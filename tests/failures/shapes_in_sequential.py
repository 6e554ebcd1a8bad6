"""A convolution's output, flattened, has another size than the classifier expects."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(1, 2, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(100, 5),
)
images = torch.randn(3, 1, 8, 8)
for _ in range(2):
    logits = model(images)  # cause
    logits.sum().backward()
