# expect: R25 line 11
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(50, 3)
y = torch.randint(0, 2, (50,))
model = nn.Linear(3, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, maximize=True)
for i in range(15):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
