# expect: R68 line 9
import torch

torch.manual_seed(0)
positive, negative = torch.randn(60, 2) + 1, torch.randn(60, 2) - 1
x = torch.cat([positive, negative])
y = torch.cat([torch.ones(60), torch.zeros(60)])
w = torch.zeros(2, requires_grad=True)
for start in range(0, 120, 10):
    p = torch.sigmoid(x[start : start + 10] @ w)
    loss = torch.nn.functional.binary_cross_entropy(p, y[start : start + 10])
    loss.backward()
    with torch.no_grad():
        w -= 0.2 * w.grad
    w.grad.zero_()
