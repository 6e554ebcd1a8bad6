# expect: R60 line 15
import torch
from torch import nn
from torch.nn import functional as F


class Rings(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 32)
        self.last = nn.Linear(32, 2)

    def forward(self, x):
        x = self.first(x)
        F.relu(x)
        return self.last(x)


torch.manual_seed(0)
x = torch.randn(160, 2)
y = (x.norm(dim=1) > 1.2).long()
net = Rings()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(30):
    loss = F.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
