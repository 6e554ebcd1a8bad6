# expect: R49 line 7
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(6, 16), nn.LeakyReLU(), nn.Linear(16, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=3.0)
for _ in range(40):
    x = torch.randn(16, 6)
    y = torch.randint(0, 4, (16,))
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
