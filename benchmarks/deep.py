"""A step of about 20,000 autograd nodes, in modules of modules: what a large network looks like."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

STAGES, BLOCKS, WIDTH = 11, 30, 4


class Attention(nn.Module):
    """Attention with one head."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix positions."""
        weights = functional.softmax(self.q(x) @ self.k(x).mT / 2, -1)
        return self.o(weights @ self.v(x))


class Block(nn.Module):
    """One layer of a transformer."""

    def __init__(self) -> None:
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attn = Attention()
        self.mlp = nn.Sequential(
            nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add what attention and the two layers give."""
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


torch.manual_seed(0)
stages = [nn.Sequential(*[Block() for _ in range(BLOCKS)]) for _ in range(STAGES)]
model = nn.Sequential(*stages, nn.Linear(WIDTH, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
x, y = torch.randn(2, 3, WIDTH), torch.randn(2, 3, 1)
for _ in range(2):
    optimizer.zero_grad()
    loss = functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
