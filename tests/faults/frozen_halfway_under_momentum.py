# expect: R22 line 13
import torch
from torch import nn

torch.manual_seed(5)
x = torch.randn(64, 5)
y = (x[:, 0] * x[:, 1] > 0).float()
net = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for step in range(24):
    if step == 12:
        net[0].requires_grad_(False)
    optimizer.zero_grad(set_to_none=False)
    loss = nn.functional.binary_cross_entropy_with_logits(net(x).squeeze(1), y)
    loss.backward()
    optimizer.step()
