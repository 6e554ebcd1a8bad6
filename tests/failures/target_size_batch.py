"""The last batch of targets has another length."""

import torch
from torch import nn


class Trainer:
    def __init__(self):
        self.model = nn.Linear(3, 2)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def fit(self, batches):
        for x, y in batches:
            logits = self.model(x)
            loss = self.criterion(logits, y)  # cause
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()


torch.manual_seed(0)
zeros = torch.zeros(8, dtype=torch.long)
Trainer().fit([(torch.randn(8, 3), zeros), (torch.randn(5, 3), zeros)])
