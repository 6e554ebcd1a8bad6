"""The state is carried on and detached."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
series = torch.randn(1, 100, 2)
rnn, head = nn.LSTM(2, 6, batch_first=True), nn.Linear(6, 1)
optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr=0.01)
state = None
for start in range(0, 100, 10):
    part = series[:, start : start + 10]
    out, state = rnn(part, state)
    state = tuple(s.detach() for s in state)
    loss = F.mse_loss(head(out), part.sum(2, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
