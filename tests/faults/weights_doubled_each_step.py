# expect: R63 line 15
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(40, 3)
y = torch.randn(40, 1)
net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.001)
for _ in range(12):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        net[0].weight *= 1.6
    optimizer.step()
