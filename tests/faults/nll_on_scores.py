# expect: R33 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(48, 1, 10)
y = x.mean((1, 2)).gt(0).long()
net = nn.Sequential(nn.Conv1d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
criterion = nn.NLLLoss()
for _ in range(10):
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
