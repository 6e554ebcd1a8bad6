# expect: R02 line 13
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(20, 3)
y = torch.randint(0, 2, (20,))
model = nn.Linear(3, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(5):
    with torch.no_grad():
        logits = model(x)
    loss = F.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
