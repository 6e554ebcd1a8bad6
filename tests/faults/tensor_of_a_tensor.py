# expect: R14 line 19
import warnings

import torch
import torch.nn as nn

warnings.simplefilter("ignore")
torch.manual_seed(3)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(5, 10)
        self.second = nn.Linear(10, 3)

    def forward(self, x):
        hidden = torch.tanh(self.first(x))
        hidden = torch.tensor(hidden, requires_grad=True)
        return self.second(hidden)


x = torch.randn(40, 5)
y = x[:, :3].argmax(1)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(10):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
