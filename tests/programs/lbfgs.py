"""Logistic regression fitted with L-BFGS, whose step takes a closure."""

import torch
from torch import nn

torch.manual_seed(0)

X = torch.randn(50, 3)
y = (X @ torch.tensor([1.0, -2.0, 0.5]) + 0.3 * torch.randn(50) > 0).float()
model = nn.Linear(3, 1)
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4, line_search_fn="strong_wolfe")
calls = 0


def closure():
    global calls
    calls += 1
    optimizer.zero_grad()
    loss = nn.functional.binary_cross_entropy_with_logits(model(X).squeeze(1), y)
    loss = loss + 1e-3 * model.weight.square().sum()
    loss.backward()
    return loss


for step in range(4):
    loss = optimizer.step(closure)
    print(step, calls, loss.item())
