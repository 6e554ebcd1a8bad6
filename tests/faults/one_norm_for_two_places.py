# expect: R83 line 17
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(1, 4, 3, padding=1, bias=False)
        self.second = nn.Conv1d(4, 4, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm1d(4)
        self.head = nn.Linear(4, 1)

    def forward(self, x):
        x = torch.relu(self.norm(self.first(x)))
        x = self.second(x)
        x = torch.relu(self.norm(x))
        return self.head(x.mean(2))


torch.manual_seed(0)
x = torch.randn(32, 1, 10)
y = x.mean((1, 2)).unsqueeze(1)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(10):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
