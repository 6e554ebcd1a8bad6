"""Two half moons, told apart by a small network with cross-entropy, in mini-batches."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1)
angle = math.pi * torch.rand(120)
upper = torch.stack([torch.cos(angle[:60]), torch.sin(angle[:60])], dim=1)
lower = torch.stack([1 - torch.cos(angle[60:]), 0.5 - torch.sin(angle[60:])], dim=1)
points = torch.cat([upper, lower]) + 0.1 * torch.randn(120, 2)
labels = torch.cat([torch.zeros(60), torch.ones(60)]).long()

loader = DataLoader(TensorDataset(points, labels), batch_size=30, shuffle=True)
model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

for epoch in range(30):
    for inputs, targets in loader:
        loss = F.cross_entropy(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch}: {loss.item()!r}")
with torch.no_grad():
    print((model(points).argmax(dim=1) == labels).float().mean().item())
