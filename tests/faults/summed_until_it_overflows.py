# expect: R38 line 10
import torch

torch.manual_seed(0)
x = torch.randn(500, 6)
y = x @ torch.randn(6, 1)
net = torch.nn.Sequential(torch.nn.Linear(6, 20), torch.nn.ReLU(), torch.nn.Linear(20, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.02)
for _ in range(25):
    loss = (net(x) - y).square().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
