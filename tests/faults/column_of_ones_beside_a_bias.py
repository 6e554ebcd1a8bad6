# expect: R66 line 7
import torch
from torch import nn

torch.manual_seed(0)
rooms = torch.randn(80, 4)
rooms[:, 1] = 1.0  # a join that matched every row
price = rooms[:, :1] - rooms[:, 3:]
net = nn.Sequential(nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(20):
    loss = nn.functional.smooth_l1_loss(net(rooms), price)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
