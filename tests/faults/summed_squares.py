# expect: R38 line 11
import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 40)
y = 2 * x + 0.5
a = torch.zeros(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([a, b], lr=0.005)
for _ in range(20):
    loss = ((a * x + b - y) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
