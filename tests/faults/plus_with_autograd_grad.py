# expect: R25 line 12
import torch

torch.manual_seed(0)
theta = torch.randn(5, requires_grad=True)
A = torch.randn(30, 5)
t = torch.randn(30)
for it in range(40):
    loss = ((A @ theta - t) ** 2).mean()
    (g,) = torch.autograd.grad(loss, theta)
    with torch.no_grad():
        theta.add_(g, alpha=0.001)
