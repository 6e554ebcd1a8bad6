# expect: R19 line 27
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 12), nn.Tanh())
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        return self.head(self.body(x))


def train(net, opt, x, y):
    for _ in range(8):
        loss = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()


torch.manual_seed(4)
x, net = torch.randn(50, 4), Net()
train(net, torch.optim.Adam(net.parameters()), x, x[:, :3].argmax(1))
second = torch.optim.Adam(net.parameters(), lr=0.002)
net.head = nn.Linear(12, 3)
train(net, second, x, x[:, 1:].argmax(1))
