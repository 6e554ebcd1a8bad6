"""Counts of words, as whole numbers, go into a linear layer."""

import torch
from torch import nn


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(6, 2)

    def forward(self, counts):
        return self.score(counts)  # cause


counts = torch.randint(0, 4, (3, 6))
Counter()(counts).sum().backward()
