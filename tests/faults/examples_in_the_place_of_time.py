# expect: R71 line 6
import torch
import torch.nn as nn

torch.manual_seed(0)
recurrent = nn.GRU(2, 8)
head = nn.Linear(8, 1)
optimizer = torch.optim.Adam([*recurrent.parameters(), *head.parameters()], lr=0.01)
x = torch.randn(24, 6, 2)
y = x[:, :, 0].sum(1, keepdim=True)
for _ in range(6):
    states, _ = recurrent(x)
    loss = nn.functional.mse_loss(head(states[:, -1]), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
