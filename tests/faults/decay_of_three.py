# expect: R84 line 8
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(64, 5)
net = nn.Sequential(nn.Linear(5, 16), nn.ELU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.5, weight_decay=3)
for _ in range(30):
    loss = nn.functional.mse_loss(net(x), x.sum(1, keepdim=True) / 5)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
