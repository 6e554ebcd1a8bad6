# expect: R83 line 8
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(36, 5)
y = x[:, 0] + x[:, 1] * x[:, 2]
net = nn.Sequential(nn.Linear(5, 10), nn.BatchNorm1d(10), nn.SiLU(), nn.Linear(10, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
for _ in range(5):
    for part in torch.randperm(36).split(3):
        loss = nn.functional.mse_loss(net(x[part]).squeeze(1), y[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
