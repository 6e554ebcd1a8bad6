# expect: R15 line 13
import torch

torch.manual_seed(1)

x = torch.randn(100, 5)
target = x @ torch.randn(5, 1)
w = torch.randn(5, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for i in range(25):
    residual = x @ w + b - target
    cost = residual.square().mean()
    cost.backward()
    with torch.no_grad():
        w -= 0.005 * w.grad
        b -= 0.005 * b.grad
