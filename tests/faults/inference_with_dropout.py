# expect: R73 line 16
import torch
from torch import nn

torch.manual_seed(0)
x, x_val = torch.randn(64, 5), torch.randn(24, 5)
y, y_val = x.sum(1, keepdim=True), x_val.sum(1, keepdim=True)
net = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(6):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.inference_mode():
        print(nn.functional.mse_loss(net(x_val), y_val).item())
