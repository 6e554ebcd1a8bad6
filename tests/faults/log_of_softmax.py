# expect: R41 line 14
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(20, 4) * 400
y = F.one_hot(torch.randint(0, 3, (20,)), 3).float()
model = nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(5):
    p = torch.softmax(model(x), dim=1)
    loss = -(y * p.log()).sum(1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
