# expect: R49 line 10
import torch
from torch import nn

torch.manual_seed(0)
x = torch.rand(60, 8)
y = torch.arange(60) % 4
x[torch.arange(60), y] += 1
net = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=0.5)
for _ in range(12):
    for part in torch.randperm(60).split(20):
        loss = nn.functional.cross_entropy(net(x[part]), y[part])
        optimizer.zero_grad()
        loss.backward()
        # each weight moves by half in the first step, whatever its size
        optimizer.step()
