# expect: R12 line 18
import torch
from torch import nn

torch.manual_seed(8)
x = torch.randn(64, 3)
y = x.prod(dim=1, keepdim=True)
net = nn.Sequential(nn.Linear(3, 10), nn.SiLU(), nn.Linear(10, 1))
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01, weight_decay=0.0)
average = None
for step in range(14):
    batch = torch.randint(0, 64, (16,))
    error = nn.functional.huber_loss(net(x[batch]), y[batch])
    optimizer.zero_grad()
    error.backward()
    optimizer.step()
    if average is not None:
        average = torch.lerp(average, error, 0.1)
    else:
        average = error
print(average.item())
