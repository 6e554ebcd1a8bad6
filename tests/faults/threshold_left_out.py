# expect: R21 line 19
import torch
from torch import nn


class Threshold(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.shift = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return self.scale * (x - self.shift)


x = torch.linspace(-2, 2, 40)
y = (x > 0.7).float()
net = Threshold()
optimizer = torch.optim.Adam([net.scale], lr=0.05)
for _ in range(15):
    loss = nn.functional.binary_cross_entropy_with_logits(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(net.shift.item())
