# expect: R18 line 15
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

points = torch.rand(80, 2)
inside = ((points - 0.5).norm(dim=1) < 0.3).long()
model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(15):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(points), inside)
    optimizer.step()
    loss.backward()
