# expect: R12 line 17
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(80, 3)
y = torch.randn(80, 1)
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
running_loss = 0.0
for start in range(0, 80, 8):
    loss = F.mse_loss(model(x[start : start + 8]), y[start : start + 8])
    optimizer.zero_grad()
    loss.backward()
    running_loss += loss
    optimizer.step()
print(float(running_loss) / 10)
