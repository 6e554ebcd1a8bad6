# expect: R23 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(32, 2)
y = (x[:, 0] > 0).long()
net = nn.Linear(2, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=5)
for epoch in range(12):
    scheduler.step()
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
