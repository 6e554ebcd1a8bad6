# expect: R20 line 12
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(5, 16)

    def forward(self, x):
        last = nn.Linear(16, 1)
        return last(torch.relu(self.hidden(x)))


torch.manual_seed(0)
x = torch.randn(80, 5)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(12):
    loss = (net(x) - x[:, :1]).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
