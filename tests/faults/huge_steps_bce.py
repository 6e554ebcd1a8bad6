# expect: R43 line 11
import torch
import torch.nn as nn

torch.manual_seed(1)

x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [0.0], [0.0], [1.0]])
w = torch.randn(2, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=500.0)
criterion = nn.BCELoss()
for i in range(15):
    p = torch.sigmoid(x @ w + b)
    loss = criterion(p, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
