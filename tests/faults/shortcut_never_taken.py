# expect: R13 line 10
import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(width, width), nn.Tanh())
        self.skip = nn.Linear(width, width, bias=False)

    def forward(self, x):
        return x + self.main(x)


torch.manual_seed(14)
x = torch.randn(40, 4)
y = x.roll(1, dims=1)
stack = nn.ModuleDict({"first": Residual(4), "second": Residual(4)})
optimizer = torch.optim.AdamW(stack.parameters(), lr=0.01)
for _ in range(15):
    out = stack["second"](stack["first"](x))
    loss = nn.functional.l1_loss(out, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
