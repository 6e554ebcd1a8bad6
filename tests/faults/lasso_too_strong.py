# expect: R84 line 11
import torch

torch.manual_seed(0)
x = torch.randn(100, 8)
y = x[:, 0] - x[:, 1]
w = torch.randn(8, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1e-4)
for _ in range(15):
    fit = (x @ w - y).square().mean()
    loss = 50.0 * w.abs().sum() + fit
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
