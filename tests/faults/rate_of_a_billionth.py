# expect: R52 line 8
import torch

torch.manual_seed(0)
x = torch.randn(50, 4, dtype=torch.float64)
y = (x.sum(1) > 0).long()
net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2)).double()
optimizer = torch.optim.SGD(net.parameters(), lr=1e-9)
for _ in range(14):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()
