# expect: R44 line 9
import torch

torch.manual_seed(0)
x = torch.full((16, 4), 100.0, dtype=torch.float16)
y = torch.full((16,), 620.0, dtype=torch.float16)
w = torch.full((4,), 1.5, dtype=torch.float16, requires_grad=True)
for _ in range(12):
    area = (x @ w) * 100
    loss = ((area / 100 - y) / 100).square().mean()
    loss.backward()
    with torch.no_grad():
        w -= 1e-3 * w.grad
    w.grad = None
