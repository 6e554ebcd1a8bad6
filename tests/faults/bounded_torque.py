# expect: R35 line 15
import math

import torch
from torch import nn

torch.manual_seed(0)
angle = (torch.rand(200, 1) * 2 - 1) * math.pi
torque = 9.81 * torch.sin(angle)
seen = torch.cat([angle.sin(), angle.cos()], 1)
net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 1))
limit = 2.0
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(20):
    given = limit * torch.tanh(net(seen))
    loss = nn.functional.mse_loss(given, torque)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
