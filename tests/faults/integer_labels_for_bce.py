# expect: R34 line 12
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 4)
y = (x[:, 0] > 0).float()
net = nn.Sequential(nn.Linear(4, 1), nn.Flatten(0))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(net.parameters())
for epoch in range(3):
    target = y if epoch == 0 else y.long()
    loss = criterion(net(x), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
