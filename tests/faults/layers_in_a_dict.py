# expect: R20 line 12
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.branches = {"a": nn.Linear(4, 8), "b": nn.Linear(4, 8)}
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        return self.out(torch.tanh(self.branches["a"](x) + self.branches["b"](x)))


x = torch.randn(40, 4)
y = torch.randint(0, 2, (40,))
model = Branches()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for i in range(12):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
