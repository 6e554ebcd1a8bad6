# expect: R77 line 15
import torch
from torch import nn

torch.manual_seed(0)
x, x_test = torch.randn(64, 5), torch.randn(32, 5)
y, y_test = (x.sum(1) > 0).long(), (x_test.sum(1) > 0).long()
net = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(8):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    right = (net(x_test).argmax(1) == y_test).float().mean()
    print(right.item())
