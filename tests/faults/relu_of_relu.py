# expect: R60 line 14
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = nn.Sequential(nn.Conv1d(2, 6, 3), nn.ReLU())
        self.head = nn.Linear(36, 2)

    def forward(self, x):
        x = F.relu(self.block(x))
        return self.head(x.flatten(1))


torch.manual_seed(0)
x = torch.randn(40, 2, 8)
y = (x.sum((1, 2)) > 0).long()
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(15):
    loss = F.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
