# expect: R09 line 18
import torch

torch.manual_seed(3)


def predict(params, x):
    W, b = params
    return x @ W + b


params = [torch.randn(3, 1, requires_grad=True), torch.zeros(1, requires_grad=True)]
x = torch.randn(50, 3)
y = x @ torch.tensor([[1.0], [2.0], [3.0]])
for epoch in range(10):
    loss = ((predict(params, x) - y) ** 2).mean()
    loss.backward()
    params = [p - 0.1 * p.grad for p in params]
