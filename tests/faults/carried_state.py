# expect: R04 line 13
import torch
import torch.nn as nn

torch.manual_seed(1)

series = torch.randn(1, 60, 2)
rnn = nn.RNN(2, 6, batch_first=True)
head = nn.Linear(6, 1)
optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr=0.01)
state = torch.zeros(1, 1, 6)
for start in range(0, 60, 10):
    out, state = rnn(series[:, start : start + 10], state)
    loss = head(out).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
