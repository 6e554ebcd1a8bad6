# expect: R31 line 13
import torch
import torch.nn as nn

torch.manual_seed(1)

x = torch.randn(40, 6)
y = (x[:, :3] > 0).float()
w1 = torch.randn(6, 3, requires_grad=True)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD([w1], lr=0.3)
for i in range(10):
    p = torch.sigmoid(x @ w1)
    optimizer.zero_grad()
    criterion(p, y).backward()
    optimizer.step()
