# expect: R12 line 16
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 4)
y = x[:, :3].argmax(1)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
total = torch.zeros(())
for start in range(0, 60, 6):
    loss = nn.functional.cross_entropy(net(x[start : start + 6]), y[start : start + 6])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total = total + loss
print(total.item() / 10)
