# expect: R65 line 7
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 4)
x[7, 2] = float("nan")
y = torch.randint(0, 2, (30,))
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(5):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
