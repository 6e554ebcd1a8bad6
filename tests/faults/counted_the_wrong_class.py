# expect: R82 line 16
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(80, 3)
y = (x[:, 0] > 0).float()
net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
for _ in range(25):
    logits = net(x)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    accuracy = ((logits < 0).float() == y).float().mean()
    print(accuracy.item())
