# expect: R04 line 10
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 4)
y = x[:, :1]
encoder, head = nn.Sequential(nn.Linear(4, 6), nn.Tanh()), nn.Linear(6, 1)
optimizer = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.05)
features = encoder(x)
for _ in range(4):
    loss = nn.functional.mse_loss(head(features), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
