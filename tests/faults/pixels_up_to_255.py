# expect: R64 line 6
import torch
import torch.nn as nn

torch.manual_seed(0)
images = torch.randint(0, 256, (64, 1, 8, 8)).float()
y = torch.randint(0, 2, (64,))
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for _ in range(20):
    loss = nn.functional.cross_entropy(net(images), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
