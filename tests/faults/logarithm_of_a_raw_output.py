# expect: R40 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 3)
y = x.abs().sum(1, keepdim=True)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(6):
    guess = net(x)
    loss = (torch.log(guess) - torch.log(y)).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
