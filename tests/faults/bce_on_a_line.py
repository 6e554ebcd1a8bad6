# expect: R32 line 10
import torch

torch.manual_seed(0)
x = torch.linspace(0, 1, 20).unsqueeze(1)
y = (x > 0.5).float()
w = torch.full((1, 1), 0.9, requires_grad=True)
b = torch.full((1,), 0.05, requires_grad=True)
for _ in range(20):
    loss = torch.nn.functional.binary_cross_entropy(x @ w + b, y)
    loss.backward()
    with torch.no_grad():
        for p in (w, b):
            p -= 0.5 * p.grad
            p.grad.zero_()
