# expect: R43 line 9
import torch
from torch import nn

torch.manual_seed(0)
x = 100 * torch.rand(32, 2) + 50
y = torch.zeros(32, 1)
net = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
nn.init.constant_(net[0].weight, 1.0)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(10):
    loss = nn.BCELoss()(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
