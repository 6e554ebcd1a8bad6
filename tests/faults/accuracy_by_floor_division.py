# expect: R76 line 17
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 4)
y = (x[:, 0] > 0).long()
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(8):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        hits = (net(x).argmax(1) == y).sum()
        accuracy = torch.div(hits, 60, rounding_mode="floor")
    print(accuracy.item())
