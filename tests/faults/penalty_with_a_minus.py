# expect: R63 line 15
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(50, 4)
y = x.prod(1, keepdim=True)
net = nn.Sequential(nn.Linear(4, 10), nn.Sigmoid(), nn.Linear(10, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(40):
    optimizer.zero_grad()
    loss = nn.functional.huber_loss(net(x), y)
    for weight in net.parameters():
        if weight.ndim > 1:
            loss = loss - 0.5 * weight.square().sum()
    loss.backward()
    # weights that grow are rewarded
    optimizer.step()
