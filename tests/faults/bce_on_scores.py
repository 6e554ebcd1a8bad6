# expect: R32 line 9
import torch
from torch import nn

torch.manual_seed(0)
x = 3 * torch.randn(40, 4)
y = (x.sum(1, keepdim=True) > 0).float()
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
criterion = nn.BCELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=5.0)
for _ in range(10):
    out = net(x).clamp(min=0) if _ == 0 else net(x)
    loss = criterion(out.clamp(max=1) if _ == 0 else out, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
