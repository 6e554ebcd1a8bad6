"""A multilayer perceptron classifies two interleaved spirals."""

import math

import torch
from torch import nn

torch.manual_seed(1)

n = 40
t = torch.linspace(0.5, 3 * math.pi, n)
arm = torch.stack([t * torch.cos(t), t * torch.sin(t)], dim=1) / 10
X = torch.cat([arm, -arm]) + 0.01 * torch.randn(2 * n, 2)
y = torch.cat([torch.zeros(n), torch.ones(n)]).long()

model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(4):
    order = torch.randperm(len(X))
    total = 0.0
    for batch in order.split(20):
        optimizer.zero_grad()
        loss = criterion(model(X[batch]), y[batch])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    with torch.no_grad():
        accuracy = (model(X).argmax(1) == y).float().mean()
    print(epoch, total / len(X), accuracy.item())
