# expect: R51 line 13
import torch

torch.manual_seed(0)
x = torch.randn(30, 2)
y = x.sum(1) + 1000
w = torch.full((2,), 500.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1e-9)
for _ in range(8):
    loss = (x @ w - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
