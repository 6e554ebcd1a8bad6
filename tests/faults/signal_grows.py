# expect: R57 line 11
import torch
from torch import nn


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(12, 12) for _ in range(4)])
        for layer in self.layers:
            nn.init.uniform_(layer.weight, -4.0, 4.0)
        self.out = nn.Linear(12, 1)

    def forward(self, x):
        for layer in self.layers:
            x = nn.functional.leaky_relu(layer(x), 0.2)
        return self.out(x)


torch.manual_seed(0)
net = Deep()
x = torch.randn(32, 12)
y = x[:, :1]
optimizer = torch.optim.SGD(net.parameters(), lr=1e-7)
for _ in range(7):
    loss = nn.functional.smooth_l1_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
