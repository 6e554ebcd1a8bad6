# expect: R35 line 7
import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(40, 3), torch.rand(40, 1)
net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1), nn.Softmax(dim=-1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(12):
    loss = nn.functional.l1_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
