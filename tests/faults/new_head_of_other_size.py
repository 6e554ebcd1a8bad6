# expect: R19 line 6
import torch

torch.manual_seed(0)
m = torch.nn.Sequential(torch.nn.Linear(6, 12), torch.nn.ReLU(), torch.nn.Linear(12, 100))
o = torch.optim.SGD(m.parameters(), lr=0.05)
for p in m[0].parameters():
    p.requires_grad = False
m[2] = torch.nn.Linear(12, 3)
x, y = torch.randn(30, 6), torch.randint(0, 3, (30,))
for _ in range(15):
    loss = torch.nn.functional.cross_entropy(m(x), y)
    o.zero_grad()
    loss.backward()
    o.step()
