"""Model-agnostic meta-learning on sine waves: the outer loss goes through inner updates."""

import math

import torch

torch.manual_seed(0)

weights = [
    (0.5 * torch.randn(1, 16)).requires_grad_(),
    torch.zeros(16, requires_grad=True),
    (0.25 * torch.randn(16, 1)).requires_grad_(),
    torch.zeros(1, requires_grad=True),
]
meta_optimizer = torch.optim.Adam(weights, lr=1e-2)


def forward(x, params):
    w1, b1, w2, b2 = params
    return torch.relu(x @ w1 + b1) @ w2 + b2


def task():
    amplitude, phase = torch.rand(2).tolist()
    x = torch.rand(10, 1) * 10 - 5
    return x, (amplitude * 4.9 + 0.1) * torch.sin(x + phase * math.pi)


for iteration in range(4):
    meta_loss = 0.0
    for _ in range(2):
        x, y = task()
        fast = weights
        for _ in range(2):
            inner = ((forward(x[:5], fast) - y[:5]) ** 2).mean()
            grads = torch.autograd.grad(inner, fast, create_graph=True)
            fast = [w - 0.01 * g for w, g in zip(fast, grads)]
        meta_loss = meta_loss + ((forward(x[5:], fast) - y[5:]) ** 2).mean()
    meta_optimizer.zero_grad()
    meta_loss.backward()
    meta_optimizer.step()
    print(iteration, meta_loss.item())
