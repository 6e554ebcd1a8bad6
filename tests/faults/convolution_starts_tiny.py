# expect: R59 line 9
import torch
import torch.nn as nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2)
)
nn.init.normal_(net[0].weight, std=0.001)
x = torch.randn(32, 3, 8, 8)
y = (x[:, 0].mean((1, 2)) > 0).long()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(10):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
