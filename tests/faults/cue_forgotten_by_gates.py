# expect: R46 line 13
import torch
from torch import nn

torch.manual_seed(0)
cue = torch.randint(0, 2, (64,))
sequence = torch.zeros(64, 16, 1)
sequence[:, 0, 0] = cue * 2.0 - 1
take, keep, read = nn.Linear(1, 24), nn.Linear(24, 24), nn.Linear(24, 2)
optimizer = torch.optim.Adam([*take.parameters(), *keep.parameters(), *read.parameters()], lr=0.003)


def cell(x, held): return torch.sigmoid(take(x) + keep(held))  # fmt: skip


for _ in range(40):
    held = torch.zeros(64, 24)
    for turn in range(16):
        held = cell(sequence[:, turn], held)
    loss = nn.functional.cross_entropy(read(held), cue)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
