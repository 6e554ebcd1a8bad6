# expect: R09 line 12
import torch

torch.manual_seed(1)

x = torch.randn(40, 2)
y = x @ torch.tensor([[1.0], [2.0]])
w = torch.zeros(2, 1, requires_grad=True)
for i in range(6):
    loss = ((x @ w - y) ** 2).mean()
    loss.backward()
    w = w - 0.1 * w.grad
