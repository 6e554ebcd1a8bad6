# expect: R11 line 12
import torch
from torch import nn

torch.manual_seed(0)
wave = torch.sin(torch.arange(60) / 5).view(-1, 1)
cell, out = nn.GRUCell(1, 8), nn.Linear(8, 1)
optimizer = torch.optim.Adam([*cell.parameters(), *out.parameters()], lr=0.01)
state = torch.zeros(1, 8)
for part in range(0, 48, 6):
    for t in range(part, part + 6):
        state = cell(wave[t : t + 1], state)
    loss = nn.functional.mse_loss(out(state), wave[part + 6 : part + 7])
    loss.backward(retain_graph=True)
optimizer.step()
