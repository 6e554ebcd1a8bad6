# expect: R17 line 12
import torch

torch.manual_seed(1)

x = torch.linspace(-2, 2, 50)
y = torch.sin(x)
coefficients = torch.zeros(4, requires_grad=True)
for i in range(20):
    powers = torch.stack([x**n for n in range(4)], dim=1)
    loss = (powers @ coefficients - y).pow(2).mean()
    loss.backward()
    coefficients.grad = None
