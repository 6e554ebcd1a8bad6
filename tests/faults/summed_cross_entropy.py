# expect: R38 line 9
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(64, 1, 6, 6)
y = (x.mean((1, 2, 3)) > 0).long()
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
criterion = nn.CrossEntropyLoss(reduction="sum")
optimizer = torch.optim.SGD(net.parameters(), lr=0.002)
for _ in range(15):
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
