# expect: R62 line 15
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 3)
        self.drop = nn.Dropout2d(0.3)
        self.norm = nn.BatchNorm2d(6)
        self.head = nn.Linear(6, 2)

    def forward(self, x):
        x = self.norm(self.drop(torch.relu(self.conv(x))))
        return self.head(x.mean((2, 3)))


torch.manual_seed(0)
x = torch.randn(48, 1, 7, 7)
y = (x.mean((1, 2, 3)) > 0).long()
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(15):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
