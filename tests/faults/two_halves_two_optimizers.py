# expect: R14 line 14
import torch
from torch import nn

torch.manual_seed(0)
below, above = nn.Linear(4, 6), nn.Linear(6, 1)
optimizers = [torch.optim.SGD(half.parameters(), lr=0.05) for half in (above, below)]
x = torch.randn(32, 4)
y = x.prod(1, keepdim=True)
for _ in range(10):
    for optimizer in optimizers:
        optimizer.zero_grad()
    sent = torch.sigmoid(below(x))
    received = sent.detach().requires_grad_()
    nn.functional.mse_loss(above(received), y).backward()
    for optimizer in optimizers:
        optimizer.step()
