# expect: R24 line 15
import torch

torch.manual_seed(3)
x = torch.randn(100, 3)
y = x @ torch.tensor([30.0, -20.0, 10.0])
w = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.2)
for _ in range(80):
    optimizer.zero_grad()
    loss = (x @ w - y).abs().mean() + 0.5 * (x @ w - y).square().mean()
    loss.backward()
    norm = w.grad.norm()
    if norm > 2:
        w.grad.mul_(2 / norm)
    optimizer.step()
