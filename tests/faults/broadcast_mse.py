# expect: R29 line 14
import torch
import torch.nn as nn

torch.manual_seed(1)

x = torch.randn(50, 4)
y = x[:, 0] * 2 - x[:, 1]
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for i in range(15):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
