"""A recurrent network carries its hidden state from batch to batch."""

import torch
from torch import nn

torch.manual_seed(0)
cell = nn.RNNCell(3, 5)
readout = nn.Linear(5, 1)
optimizer = torch.optim.SGD([*cell.parameters(), *readout.parameters()], lr=0.01)
hidden = torch.zeros(2, 5)
for batch in range(4):
    x, y = torch.randn(2, 3), torch.randn(2, 1)
    hidden = cell(x, hidden)  # cause
    loss = ((readout(hidden) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
