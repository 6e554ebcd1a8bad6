# expect: R60 line 14
import torch
from torch import nn


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(3, 24)
        self.out = nn.Linear(24, 1)

    def forward(self, x):
        x = self.hidden(x)
        return self.out(x)


torch.manual_seed(0)
x = torch.rand(64, 3)
y = (x**2).sum(1, keepdim=True)
net = Regressor()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(40):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
