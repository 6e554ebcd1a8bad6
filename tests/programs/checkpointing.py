"""Activation checkpointing, with and without reentrant autograd, around dropout."""

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint, checkpoint_sequential

torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(8, 16), nn.GELU(), nn.Dropout(0.2), nn.Linear(16, 8), nn.LayerNorm(8)
        )

    def forward(self, x):
        return x + self.net(x)


stem = nn.Linear(4, 8)
blocks = nn.ModuleList(Block() for _ in range(3))
tail = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU())
head = nn.Linear(8, 1)
parameters = [p for m in (stem, blocks, tail, head) for p in m.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.01)

for step in range(4):
    x = torch.randn(8, 4)
    h = stem(x)
    h = checkpoint(blocks[0], h, use_reentrant=True)
    h = checkpoint(blocks[1], h, use_reentrant=False)
    h = checkpoint(lambda z: blocks[2](z).sin(), h, use_reentrant=False, preserve_rng_state=True)
    h = checkpoint_sequential(tail, 2, h, use_reentrant=False)
    loss = (head(h) - x.norm(dim=1, keepdim=True)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
