"""In-place operations and writes through views, as in hand-written optimised code."""

import torch
from torch import nn

torch.manual_seed(0)

lin = nn.Linear(6, 6)
bank = torch.zeros(8, 6)  # a buffer of recent features
optimizer = torch.optim.SGD(lin.parameters(), lr=0.01)

for step in range(6):
    x = torch.randn(8, 6)
    h = lin(x)
    h.mul_(1.5)
    h[:, 0] = 1.0
    h[:, 1:3] *= 2.0
    left, right = h.chunk(2, dim=1)
    mixed = left + right
    mixed.view(-1)[::2].add_(0.5)
    out = torch.empty(8, 3)
    out[:4] = mixed[:4] * 2
    out[4:] = mixed[4:].flip(1)
    out.masked_fill_(torch.rand(8, 3) < 0.1, 0.0)
    index = torch.tensor([0, 2, 2, 5])
    total = (
        torch.zeros(8, 3)
        .index_add_(0, index, out[:4])
        .scatter_add_(0, torch.zeros(1, 3, dtype=torch.long), out[4:5])
    )
    loss = (out - x[:, :3]).square().mean() + 0.1 * total.pow_(2).mean()
    optimizer.zero_grad()
    loss.backward()
    lin.weight.grad[0].mul_(0.5)
    optimizer.step()
    with torch.no_grad():
        bank.mul_(0.9).add_(h, alpha=0.1)
        lin.weight.t()[0].clamp_(-0.3, 0.3)
        bank[step % 8].copy_(x[0])
        torch.add(bank, 1.0, out=bank)
        bank -= 1
    print(step, loss.item(), bank.sum().item())
