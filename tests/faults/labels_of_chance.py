# expect: R80 line 13
import torch
from torch import nn

torch.manual_seed(0)
x = 0.1 * torch.randn(400, 2)
y = torch.randint(0, 2, (400,))
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
nn.init.zeros_(net[2].weight)
nn.init.zeros_(net[2].bias)
optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
for _ in range(40):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
