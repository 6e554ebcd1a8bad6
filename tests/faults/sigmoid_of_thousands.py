# expect: R56 line 7
import torch

torch.manual_seed(0)
x = torch.randn(40, 5)
y = x[:, :1]
w1 = (60 * torch.randn(5, 10)).requires_grad_()
w2 = torch.randn(10, 1, requires_grad=True)
optimizer = torch.optim.SGD([w1, w2], lr=0.05)
for _ in range(12):
    h = torch.sigmoid(x @ w1)
    loss = (h @ w2 - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
