# expect: R35 line 8
import torch
import torch.nn as nn

torch.manual_seed(0)
rooms = torch.randint(1, 8, (64, 1)).float()
price = 3.0 * rooms + torch.randn(64, 1)
model = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1), nn.Tanh())
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(12):
    loss = nn.L1Loss()(model(rooms), price)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
