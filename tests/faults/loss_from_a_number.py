# expect: R02 line 14
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(20, 3)
y = torch.randn(20, 1)
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(5):
    distance = F.l1_loss(model(x), y)
    loss = torch.tensor(distance.item(), requires_grad=False)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
