"""Images with the channels last."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
images = torch.rand(2, 8, 8, 3)
scores = model(images)  # cause
scores.sum().backward()
