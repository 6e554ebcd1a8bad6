# expect: R34 line 11
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 4)
labels = [(x[:, :3].argmax(1)), x[:, :3].argmax(1).float()]
net = nn.Linear(4, 3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for y in labels:
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
