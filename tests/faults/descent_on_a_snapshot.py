# expect: R09 line 14
import torch
from torch import nn

torch.manual_seed(1)
x = torch.rand(48, 4)
y = (x[:, 0] > x[:, 1]).long()
net = nn.Sequential(nn.Linear(4, 8), nn.ELU(), nn.Linear(8, 2))
for _ in range(10):
    net.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    with torch.no_grad():
        snapshot = {name: weight.clone() for name, weight in net.named_parameters()}
        [snapshot[name].sub_(0.5 * weight.grad) for name, weight in net.named_parameters()]
