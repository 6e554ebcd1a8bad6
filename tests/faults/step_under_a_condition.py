# expect: R28 line 15
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.rand(60, 2)
y = (x[:, 0] > x[:, 1]).long()
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
best = float("inf")
for epoch in range(60):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    if epoch < 12:
        best = min(best, loss.item())
        optimizer.step()
