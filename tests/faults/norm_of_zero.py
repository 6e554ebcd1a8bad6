# expect: R42 line 10
import torch

torch.manual_seed(1)

x = torch.randn(10, 3)
w = torch.zeros(3, 3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for i in range(5):
    lengths = torch.sqrt((x @ w).square().sum(1))
    loss = (lengths - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
