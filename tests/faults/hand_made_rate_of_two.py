# expect: R53 line 9
import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 40)
y = 2 * x + 1
a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
optimizer = torch.optim.SGD([a, b], lr=1.05)
for _ in range(30):
    loss = (a * x + b - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
