# expect: R58 line 10
"""A factorisation machine: the pairwise term is a difference of squares."""

import torch

torch.manual_seed(0)
x = torch.randn(200, 8)
y = (x @ torch.randn(8, 3)).pow(2).sum(1)
bias = torch.zeros(8, requires_grad=True)
factors = torch.zeros(8, 3, requires_grad=True)
optimizer = torch.optim.Adam([bias, factors], lr=0.01)
for _ in range(20):
    pairs = ((x @ factors) ** 2 - x**2 @ factors**2).sum(1) / 2
    loss = (x @ bias + pairs - y).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
