# expect: R84 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 6)
y = x[:, :3].argmax(1)
net = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=1e-3)
for _ in range(20):
    l2 = sum((p**2).sum() for p in net.parameters())
    loss = nn.functional.cross_entropy(net(x), y) + 2 * l2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
