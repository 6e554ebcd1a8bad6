# expect: R53 line 9
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(50, 3)
y = x @ torch.tensor([[1.0], [2.0], [-1.0]])
w = torch.zeros(3, 1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1.3)
for _ in range(25):
    loss = nn.functional.mse_loss(x @ w, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
