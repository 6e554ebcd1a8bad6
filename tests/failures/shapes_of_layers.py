"""The second layer expects more features than the first one makes."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 10)
        self.fc2 = nn.Linear(12, 1)

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        return self.fc2(h)  # cause


torch.manual_seed(0)
Net()(torch.randn(7, 4)).sum().backward()
