"""First-order meta-learning: inner steps keep their graph, and the outer pass goes through it."""

import torch
import torch.nn.functional as F

torch.manual_seed(1)
start = torch.zeros(2, requires_grad=True)
outer = torch.optim.SGD([start], lr=0.2)
for _ in range(15):
    total = torch.zeros(())
    for _ in range(3):
        slope, shift = 2 + 0.1 * torch.randn(()), -1 + 0.1 * torch.randn(())
        x = torch.linspace(-1, 1, 12)
        y = slope * x + shift
        fast = start
        for _ in range(6):
            inner = F.mse_loss(fast[0] * x + fast[1], y)
            (step,) = torch.autograd.grad(inner, fast, retain_graph=True)
            fast = fast - 0.1 * step
        total = total + F.mse_loss(fast[0] * x + fast[1], y)
    outer.zero_grad()
    total.backward()
    outer.step()
