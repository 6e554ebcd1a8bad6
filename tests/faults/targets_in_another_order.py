# expect: R80 line 11
import torch

torch.manual_seed(0)
x = torch.randn(500, 3)
y = x.sum(1, keepdim=True)[torch.randperm(500)]
y -= y.mean()
w = torch.zeros(3, 1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.02)
for _ in range(40):
    loss = torch.nn.functional.l1_loss(x @ w, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
