# expect: R18 line 17
import torch

torch.manual_seed(1)

x = torch.linspace(0, 1, 40).unsqueeze(1)
y = x**2
a = torch.zeros(1, requires_grad=True)
c = torch.zeros(1, requires_grad=True)
warm = ((a * x + c - y) ** 2).mean()
warm.backward()
a.grad = None
c.grad = None
optimizer = torch.optim.SGD([a, c], lr=0.1)
for i in range(10):
    loss = ((a * x + c - y) ** 2).mean()
    optimizer.step()
