# expect: R50 line 15
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(64, 1, 8, 8)
y = (x[:, 0, :, :4].mean((1, 2)) > 0).long()
backbone = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.ReLU())
head = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 2))
groups = [
    {"params": backbone[0].parameters(), "lr": 1e-8},
    {"params": backbone[2].parameters(), "lr": 1e-2},
    {"params": head.parameters(), "lr": 1e-2},
]
optimizer = torch.optim.Adam(groups)
for _ in range(12):
    loss = nn.functional.cross_entropy(head(backbone(x)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
