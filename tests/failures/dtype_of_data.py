"""NumPy's float64 meets a float32 model."""

import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
features = torch.from_numpy(np.random.default_rng(0).normal(size=(6, 4)))
model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 1))
output = model(features)  # cause
output.sum().backward()
