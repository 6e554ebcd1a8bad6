# expect: R51 line 11
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(20, 2)
y = x[:, :1]
model = nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for group in optimizer.param_groups:
    group["lr"] *= 0
for i in range(8):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
