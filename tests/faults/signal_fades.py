# expect: R57 line 9
import torch
import torch.nn as nn

torch.manual_seed(0)
layers = []
for _ in range(5):
    linear = nn.Linear(20, 20, bias=False)
    nn.init.normal_(linear.weight, std=0.05)
    layers += [linear, nn.Tanh()]
net = nn.Sequential(*layers, nn.Linear(20, 2))  # each layer halves and more
x = torch.randn(40, 20)
y = (x[:, 0] > 0).long()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
for _ in range(7):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
