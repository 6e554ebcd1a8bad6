"""Gradient descent by hand, clearing gradients both by zero_() and by None."""

import numpy as np
import torch

torch.manual_seed(0)
rng = np.random.default_rng(0)

X = torch.from_numpy(rng.normal(size=(30, 3)).astype("float32"))
y = X @ torch.tensor([1.0, -1.0, 2.0]) + 0.5

w = torch.zeros(3, requires_grad=True)
b = torch.zeros((), requires_grad=True)
lr = 0.1
for step in range(6):
    loss = ((X @ w + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    print("zero_", step, loss.item())

for step in range(6):
    loss = ((X @ w + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.grad = None
    b.grad = None
    print("None", step, loss.item())

for step in range(3):
    loss = ((X @ w + b - y) ** 2).mean()
    gw, gb = torch.autograd.grad(loss, (w, b))
    w = (w - lr * gw).detach().requires_grad_()
    b = (b - lr * gb).detach().requires_grad_()
    print("grad", step, loss.item())
