# What two noisy views of unlabelled points are given should agree; that counts more and more.
import torch
from torch import nn

torch.manual_seed(4)
points = torch.randn(400, 3)
classes = (points.sum(1) > 0).long()
model = nn.Sequential(nn.Linear(3, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for step in range(120):
    known, unknown = torch.randint(0, 40, (20,)), torch.randint(40, 400, (30,))
    supervised = nn.functional.cross_entropy(model(points[known]), classes[known])
    view, other = (model(points[unknown] + 0.02 * torch.randn(30, 3)).softmax(1) for _ in range(2))
    loss = supervised + step / 200 * ((view - other) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
