# expect: R81 line 13
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(4, 16), nn.Linear(16, 1)
        self.scale = 1e-9

    def forward(self, x):
        return self.two(torch.tanh(self.one(self.scale * x)))


torch.manual_seed(0)
x = torch.randn(64, 4)
y = x[:, :1] ** 2
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(28):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
