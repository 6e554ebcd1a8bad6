"""An adversarial example wants the gradient by an image."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Flatten(), nn.Linear(16, 3))
images = torch.rand(2, 4, 4)  # cause
loss = nn.functional.cross_entropy(model(images), torch.tensor([0, 2]))
(slope,) = torch.autograd.grad(loss, images)
