"""Discrete choices drawn with hard Gumbel-softmax: argmax forward, softmax backward."""

import torch
from torch.nn import functional as F

torch.manual_seed(0)
encoder, decoder = torch.nn.Linear(8, 5), torch.nn.Linear(5, 8)
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-2)
x = torch.eye(8).repeat(6, 1)
for step in range(30):
    code = F.gumbel_softmax(encoder(x), tau=max(0.5, 1 - step / 50), hard=True)
    loss = F.mse_loss(decoder(code), x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
