# expect: R05 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(20, 5)
y = x.sum(1)
net = nn.Linear(5, 5)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(3):
    values = torch.exp(net(x))
    values[:, 0] = 0.0
    loss = (values.sum(1) - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
