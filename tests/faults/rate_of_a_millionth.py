# expect: R54 line 9
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 5)
y = (x.sum(1) > 0).long()
net = nn.Sequential(nn.Linear(5, 12), nn.ReLU(), nn.Linear(12, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=2e-6)
for _ in range(25):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
