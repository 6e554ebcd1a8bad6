# expect: R66 line 6
import torch

torch.manual_seed(0)
x = torch.randn(40, 3)
y = (x.sum(1) > 100).long()
net = torch.nn.Linear(3, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(10):
    loss = torch.nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
