# expect: R06 line 12
import torch

torch.manual_seed(1)

x = torch.rand(30, 1)
y = 2 * x
k = torch.rand(1, requires_grad=True)
for i in range(5):
    loss = (k * x - y).abs().mean()
    loss.backward()
    k -= 0.1 * k.grad
    k.grad.zero_()
