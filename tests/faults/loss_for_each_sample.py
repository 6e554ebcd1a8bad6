# expect: R07 line 15
import torch
import torch.nn as nn

torch.manual_seed(1)

x = torch.randn(12, 4)
y = torch.randint(0, 3, (12,))
model = nn.Linear(4, 3)
criterion = nn.CrossEntropyLoss(reduction="none")
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
