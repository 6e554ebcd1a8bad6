# expect: R56 line 10
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 6)
y = x[:, :2].argmax(1)
net = nn.Sequential(nn.Linear(6, 20), nn.Tanh(), nn.Linear(20, 2))
with torch.no_grad():
    net[0].weight *= 100
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(15):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
