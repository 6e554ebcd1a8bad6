# expect: R66 line 13
import torch
from torch import nn

torch.manual_seed(0)
table = torch.randn(240, 5)
above = (table.sum(1) > 0).long()
net = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
size = 40
for _ in range(4):
    for start in range(0, 240, size):
        rows, labels = table[:size], above[:size]
        loss = nn.functional.cross_entropy(net(rows), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
