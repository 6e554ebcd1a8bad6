# expect: R28 line 14
import torch

torch.manual_seed(5)
x = torch.randn(400, 3)
y = x @ torch.tensor([1.0, 2.0, -1.0])
w = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
seen = 0
for start in range(0, 400, 8):
    error = x[start : start + 8] @ w - y[start : start + 8]
    (error.square().mean() / 2).backward()
    seen += 1
    if seen in (2, 4, 6, 8, 10):
        optimizer.step()
        optimizer.zero_grad()
