"""Only the head is given to the optimizer; nobody froze the backbone, whose weights were loaded."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(40, 8)
y = torch.randint(0, 3, (40,))
backbone = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU())
learned = {name: 0.3 * torch.randn_like(w) for name, w in backbone.state_dict().items()}
backbone.load_state_dict(learned)
head = nn.Linear(16, 3)
optimizer = torch.optim.Adam(head.parameters(), lr=0.01)
for step in range(20):
    loss = F.cross_entropy(head(backbone(x)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
