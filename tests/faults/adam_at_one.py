# expect: R52 line 10
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(64, 1)
y = torch.randn(64, 1) + 200
layer = nn.Linear(1, 1)
nn.init.constant_(layer.weight, 50.0)
optimizer = torch.optim.Adam(layer.parameters(), lr=0.5)
for _ in range(12):
    loss = nn.functional.l1_loss(layer(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
