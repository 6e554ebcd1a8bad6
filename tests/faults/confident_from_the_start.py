# expect: R39 line 10
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(64, 6)
y = torch.randint(0, 5, (64,))
net = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 5))
with torch.no_grad():
    net[2].weight *= 30
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(12):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
