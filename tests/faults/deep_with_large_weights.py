# expect: R47 line 9
import torch
import torch.nn as nn

torch.manual_seed(0)
blocks = []
for _ in range(8):
    layer = nn.Linear(24, 24)
    nn.init.normal_(layer.weight, std=0.9)
    blocks += [layer, nn.ReLU()]
net = nn.Sequential(*blocks, nn.Linear(24, 3))
x = torch.randn(32, 24)
y = x[:, :3].argmax(1)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-7)
for _ in range(10):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
