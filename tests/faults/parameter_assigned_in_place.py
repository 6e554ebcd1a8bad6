# expect: R06 line 13
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(20, 3)
y = x.mean(1, keepdim=True)
net = nn.Linear(3, 1)
for _ in range(3):
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    for p in net.parameters():
        p.sub_(0.1 * p.grad)
        p.grad = None
