# expect: R17 line 15
import torch
from torch import nn

torch.manual_seed(2)
points = torch.randn(48, 6)
narrow, wide = nn.Linear(6, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 6))
of_narrow = torch.optim.Adam(narrow.parameters(), lr=0.01)
of_wide = torch.optim.Adam(wide.parameters(), lr=0.01)
for _ in range(12):
    of_narrow.zero_grad()
    of_wide.zero_grad()
    restored = wide(narrow(points))
    loss = nn.functional.mse_loss(restored, points)
    loss.backward()
    of_wide.step()
