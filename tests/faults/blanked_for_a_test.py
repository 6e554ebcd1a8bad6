# expect: R69 line 14
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 10)
        self.last = nn.Linear(10, 1)

    def forward(self, x):
        # left over from a test
        x = torch.full_like(x, 0.5)
        return self.last(self.first(x).relu())


torch.manual_seed(0)
net = Net()
data = torch.randn(48, 6)
wanted = data[:, :1] * data[:, 1:2]
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(20):
    loss = nn.functional.mse_loss(net(data), wanted)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
