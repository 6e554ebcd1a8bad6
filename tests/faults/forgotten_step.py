# expect: R17 line 16
import torch
import torch.nn as nn

torch.manual_seed(1)

x = torch.randn(60, 3)
y = torch.randint(0, 4, (60,))
model = nn.Linear(3, 4)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for epoch in range(6):
    for part in range(0, 60, 20):
        optimizer.zero_grad()
        loss = criterion(model(x[part : part + 20]), y[part : part + 20])
        loss.backward()
