# expect: R19 line 11
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(90, 6)
y = x[:, :3].argmax(1)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
last = net[2]
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(20):
    loss = F.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    last.weight = nn.Parameter(F.normalize(last.weight.detach(), dim=1))
