# expect: R78 line 12
import torch
from torch import nn

torch.manual_seed(0)
x, x_val = torch.rand(12, 1), torch.rand(40, 1)
y = torch.sin(6 * x) + 0.5 * torch.randn(12, 1)
y_val = torch.sin(6 * x_val) + 0.5 * torch.randn(40, 1)
features = 30 * torch.randn(1, 64)
net = nn.Linear(64, 1)
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for _ in range(80):
    loss = nn.functional.mse_loss(net(torch.cos(x @ features)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    net.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(net(torch.cos(x_val @ features)), y_val)
    net.train()
    print(loss.item(), val.item())
