"""Fine-tuning: the backbone is frozen at first and its last layer thawed later."""

import torch
from torch import nn

torch.manual_seed(0)

backbone = nn.Sequential(nn.Linear(6, 10), nn.ReLU(), nn.Linear(10, 10), nn.ReLU())
head = nn.Linear(10, 3)
for p in backbone.parameters():
    p.requires_grad_(False)
optimizer = torch.optim.Adam(head.parameters(), lr=0.01)

for step in range(8):
    if step == 4:
        for p in backbone[2].parameters():
            p.requires_grad_(True)
        optimizer.add_param_group({"params": backbone[2].parameters(), "lr": 0.001})
    x = torch.randn(16, 6)
    y = x[:, :3].argmax(1)
    loss = nn.functional.cross_entropy(head(backbone(x)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), [p.grad is None for p in backbone.parameters()])
