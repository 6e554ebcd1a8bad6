# expect: R01 line 12
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(20, 3)
y = torch.randn(20, 1)
model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
for p in model.parameters():
    p.requires_grad = False
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(5):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
