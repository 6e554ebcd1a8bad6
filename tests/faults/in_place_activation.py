# expect: R05 line 15
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(16, 4)
y = torch.rand(16, 1)
first = nn.Linear(4, 6)
second = nn.Linear(6, 1)
optimizer = torch.optim.SGD([*first.parameters(), *second.parameters()], lr=0.1)
for i in range(4):
    hidden = torch.sigmoid(first(x))
    hidden *= 2
    loss = F.mse_loss(second(hidden), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
