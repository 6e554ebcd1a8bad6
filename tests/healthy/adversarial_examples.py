"""Examples are made by going uphill on the input; the weights go downhill."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(64, 5)
y = (x[:, 0] > 0).long()
model = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    attack = x.clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(F.cross_entropy(model(attack), y), attack)
    harder = (attack + 0.1 * gradient.sign()).detach()
    loss = F.cross_entropy(model(harder), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
