# expect: R13 line 10
import torch
from torch import nn


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = nn.Linear(5, 5)
        self.gate = nn.Linear(5, 5)
        self.out = nn.Linear(5, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.value(x)))


torch.manual_seed(0)
x = torch.randn(32, 5)
y = x[:, :1]
net = Gated()
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
for _ in range(8):
    loss = nn.functional.smooth_l1_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
