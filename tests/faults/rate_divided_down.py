# expect: R76 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 3)
y = (x[:, 0] > 0).long()
net = nn.Linear(3, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
rounds = 40
for epoch in range(rounds):
    rate = 0.1 * (epoch // rounds)
    for group in optimizer.param_groups:
        group["lr"] = rate
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
