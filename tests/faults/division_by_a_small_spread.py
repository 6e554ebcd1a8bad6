# expect: R40 line 11
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(32, 4)
y = x[:, :1]
net = nn.Linear(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=1e25)
for _ in range(6):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
