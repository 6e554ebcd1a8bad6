# expect: R80 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(320, 3)
y = 5 * x[:, :1].sign()
net = nn.Sequential(nn.Linear(3, 20), nn.Tanh(), nn.Linear(20, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.002)
for epoch in range(10):
    inputs = x[torch.randperm(320)]
    labels = y[torch.randperm(320)]
    for part in range(0, 320, 80):
        loss = nn.functional.mse_loss(net(inputs[part : part + 80]), labels[part : part + 80])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
