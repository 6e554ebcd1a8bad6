# expect: R55 line 11
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.head = nn.Linear(8, 2)
        nn.init.constant_(self.conv.bias, -4.0)

    def forward(self, x):
        return self.head(torch.relu(self.conv(x)).mean((2, 3)))


torch.manual_seed(0)
x = torch.rand(40, 1, 7, 7)
y = (x.mean((1, 2, 3)) > 0.5).long()
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for _ in range(15):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
