"""A first look at autograd: no model, no optimizer, no step."""

import torch

torch.manual_seed(0)

x = torch.tensor([2.0], requires_grad=True)
y = x**3 + 2 * x
y.backward()
print(x.grad.item())

a = torch.tensor(3.0, requires_grad=True)
b = torch.log(a) * x.detach()
b.backward()
print(a.grad.item())
