# expect: R24 line 10
import torch
from torch import nn

torch.manual_seed(15)
x = torch.randn(96, 6)
y = x @ torch.randn(6, 2)
net = nn.Sequential(nn.Linear(6, 32), nn.GELU(), nn.Linear(32, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.5)
limit = 5e-4
for epoch in range(8):
    for rows in torch.randperm(96).split(16):
        loss = nn.functional.mse_loss(net(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm=limit)
        optimizer.step()
