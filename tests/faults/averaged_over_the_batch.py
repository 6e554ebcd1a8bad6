# expect: R81 line 10
import torch

torch.manual_seed(0)
x = torch.randn(48, 5)
y = (x[:, 0] > 0.8).long()
net = torch.nn.Linear(5, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
for _ in range(24):
    hidden = x.mean(0, keepdim=True).expand(48, 5)
    loss = torch.nn.functional.cross_entropy(net(hidden), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
