# expect: R46 line 7
import torch

torch.manual_seed(0)
x = torch.randn(40, 8)
y = x[:, :1]
weights = [(0.3 * torch.randn(8, 8)).requires_grad_() for _ in range(7)]
last = torch.randn(8, 1, requires_grad=True)
optimizer = torch.optim.SGD([*weights, last], lr=0.01)
for _ in range(10):
    h = x
    for w in weights:
        h = torch.sigmoid(h @ w)
    loss = ((h @ last - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
