# expect: R05 line 14
import torch
import torch.nn as nn

torch.manual_seed(0)
recurrent = nn.RNN(1, 6, batch_first=True)
head = nn.Linear(6, 1)
optimizer = torch.optim.SGD([*recurrent.parameters(), *head.parameters()], lr=0.01)
signal = torch.sin(0.2 * torch.arange(60))
state = None
for start in range(0, 50, 10):
    x = signal[start : start + 10].view(1, 10, 1)
    y = signal[start + 1 : start + 11].view(1, 10, 1)
    out, state = recurrent(x, state)
    loss = nn.functional.mse_loss(head(out), y)
    optimizer.zero_grad()
    loss.backward(retain_graph=True)
    optimizer.step()
