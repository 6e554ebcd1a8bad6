# expect: R07 line 13
import torch
from torch import nn

torch.manual_seed(0)
images = torch.rand(8, 1, 6, 6)
net = nn.Conv2d(1, 1, 3, padding=1)
criterion = nn.MSELoss(reduction="none")
optimizer = torch.optim.Adam(net.parameters())
for _ in range(3):
    loss = criterion(net(images), images)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
