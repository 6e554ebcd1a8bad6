# expect: R11 line 13
import torch
import torch.nn as nn

torch.manual_seed(1)

signal = torch.sin(torch.arange(200) / 5.0)
decay = nn.Parameter(torch.tensor(0.5))
readout = nn.Parameter(torch.tensor(1.0))
optimizer = torch.optim.SGD([readout], lr=0.001)
state = torch.zeros(())
for t in range(12):
    state = 0.9 * state + readout * signal[t]
    loss = (state - signal[t + 1]) ** 2
    optimizer.zero_grad()
    loss.backward(retain_graph=True)
    optimizer.step()
