"""The second convolution expects what the first one does not make."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3)
        self.second = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        h = torch.relu(self.first(x))
        return self.second(h)  # cause


torch.manual_seed(0)
Net()(torch.rand(2, 1, 8, 8)).sum().backward()
