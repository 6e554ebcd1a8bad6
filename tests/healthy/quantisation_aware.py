"""Weights are rounded in the forward pass; the gradient passes straight through."""

import torch

torch.manual_seed(0)


def quantised(w: torch.Tensor) -> torch.Tensor:
    scale = w.detach().abs().max() / 7
    return w + ((w / scale).round().clamp(-8, 7) * scale - w).detach()


first = torch.nn.Parameter(torch.randn(6, 16) * 0.4)
second = torch.nn.Parameter(torch.randn(16, 1) * 0.25)
optimizer = torch.optim.Adam([first, second], lr=5e-3)
x = torch.randn(80, 6)
y = x[:, :1].abs()
for _ in range(30):
    loss = (torch.relu(x @ quantised(first)) @ quantised(second) - y).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
