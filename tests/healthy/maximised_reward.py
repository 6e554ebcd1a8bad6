"""Gradient ascent on a reward, and minibatches."""

import torch

torch.manual_seed(0)
mean = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([mean], lr=0.05, maximize=True)
for step in range(30):
    action = mean + torch.randn(16, 2)
    reward = -(action - torch.tensor([1.0, -1.0])).square().sum(1)
    objective = reward.mean()
    optimizer.zero_grad()
    objective.backward()
    optimizer.step()
