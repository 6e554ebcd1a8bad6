# expect: R58 line 8
import torch
from torch.nn.functional import cross_entropy

torch.manual_seed(0)
x = torch.randn(60, 5)
y = x[:, :3].argmax(1)
w1 = torch.zeros(5, 12, requires_grad=True)
b1 = torch.zeros(12, requires_grad=True)
w2 = torch.zeros(12, 3, requires_grad=True)
optimizer = torch.optim.SGD([w1, b1, w2], lr=0.5)
for _ in range(25):
    loss = cross_entropy(torch.sigmoid(x @ w1 + b1) @ w2, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
