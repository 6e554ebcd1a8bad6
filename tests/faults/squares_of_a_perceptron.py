# expect: R36 line 11
import torch

torch.manual_seed(1)
x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([0.0, 0.0, 0.0, 1.0])
w = torch.randn(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for _ in range(30):
    p = torch.sigmoid(x @ w + b)
    loss = ((p - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= w.grad
        b -= b.grad
        w.grad = b.grad = None
