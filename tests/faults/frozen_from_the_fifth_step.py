# expect: R22 line 14
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(50, 3)
y = x.sin().sum(1, keepdim=True)
stem, head = nn.Linear(3, 10), nn.Linear(10, 1)
optimizer = torch.optim.SGD([*stem.parameters(), *head.parameters()], lr=0.02, momentum=0.9)
for number in range(15):
    optimizer.zero_grad()
    nn.functional.mse_loss(head(stem(x).relu()), y).backward()
    if number >= 5:  # the stem is to stay as it is now
        stem.weight.grad.zero_()
        stem.bias.grad.zero_()
    optimizer.step()
