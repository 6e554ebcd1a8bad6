"""The losses of all steps are added up, and each sum is sent backward."""

import torch
from torch import nn


def train(model, batches):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    total = 0.0
    for x, y in batches:
        loss = nn.functional.mse_loss(model(x), y)
        total = total + loss  # cause
        optimizer.zero_grad()
        total.backward()
        optimizer.step()


torch.manual_seed(0)
train(nn.Linear(2, 1), [(torch.randn(4, 2), torch.randn(4, 1)) for _ in range(3)])
