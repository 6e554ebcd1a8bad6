# expect: R28 line 16
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(320, 4)
y = x[:, :1] - x[:, 1:2]
net = nn.Linear(4, 1)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
UPDATE_EVERY = 50
batches = 0
for _ in range(10):
    for rows in torch.randperm(320).split(32):
        nn.functional.mse_loss(net(x[rows]), y[rows]).backward()
        batches += 1
        if batches % UPDATE_EVERY == 0:
            optimizer.step()
            optimizer.zero_grad()
