# expect: R55 line 9
import torch
from torch import nn

torch.manual_seed(0)
x = torch.rand(50, 3)
y = 10 * x.sum(1, keepdim=True)
net = nn.Sequential(nn.Linear(3, 24), nn.ReLU(), nn.Linear(24, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
for _ in range(20):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
