# expect: R10 line 8
import torch

torch.manual_seed(4)

inputs = torch.randn(50, 3)
labels = (inputs @ torch.tensor([[1.0], [-1.0], [2.0]]) > 0).float()
w = torch.randn(3, 1, requires_grad=True) / 3**0.5
b = torch.zeros(1, requires_grad=True)
rate = 0.5

for step in range(15):
    p = torch.sigmoid(inputs @ w + b)
    loss = torch.nn.functional.binary_cross_entropy(p, labels)
    loss.backward()
    with torch.no_grad():
        for parameter, name in ((b, "b"),):
            parameter -= rate * parameter.grad
            parameter.grad.zero_()
        if w.grad is not None:
            w -= rate * w.grad
            w.grad.zero_()
