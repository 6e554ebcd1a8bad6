# expect: R25 line 17
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(50, 3)
y = x.sum(1, keepdim=True)
model = nn.Linear(3, 1)
for i in range(15):
    loss = F.mse_loss(model(x), y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.05 * p.grad)
