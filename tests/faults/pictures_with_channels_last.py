# expect: R71 line 11
import torch
from torch import nn

torch.manual_seed(0)
pictures = torch.rand(16, 20, 20, 3)
labels = torch.randint(0, 3, (16,))
net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(1296, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(3):
    loss = nn.functional.cross_entropy(net(pictures), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
