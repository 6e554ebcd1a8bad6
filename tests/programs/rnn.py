"""A recurrent network predicts the next value of a noisy sine wave."""

import torch
from torch import nn

torch.manual_seed(0)

wave = torch.sin(torch.arange(0, 12, 0.25)) + 0.05 * torch.randn(48)
x = wave[:-1].view(1, -1, 1)
y = wave[1:].view(1, -1, 1)

rnn = nn.RNN(1, 12, batch_first=True)
head = nn.Linear(12, 1)
optimizer = torch.optim.RMSprop([*rnn.parameters(), *head.parameters()], lr=0.005)

for step in range(6):
    hidden = torch.zeros(1, 1, 12)
    for part in range(0, 47, 16):  # truncated backpropagation through time
        out, hidden = rnn(x[:, part : part + 16], hidden.detach())
        loss = nn.functional.mse_loss(head(out), y[:, part : part + 16])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(step, loss.item())
