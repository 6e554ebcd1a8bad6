# expect: R03 line 11
import torch

torch.manual_seed(1)

x = torch.rand(40, 2) * 5
y = x.sum(1).floor()
w = torch.rand(2, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.05)
for i in range(10):
    count = torch.floor(x @ w)
    loss = (count - y).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
