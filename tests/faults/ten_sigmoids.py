# expect: R46 line 8
import torch
from torch import nn

torch.manual_seed(0)
layers = []
for _ in range(8):
    layers += [nn.Linear(10, 10), nn.Sigmoid()]
net = nn.Sequential(*layers, nn.Linear(10, 3))
x = torch.randn(60, 10)
y = x[:, :3].argmax(1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(10):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
