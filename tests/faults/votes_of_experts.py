# expect: R30 line 15
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(120, 6)
y = x[:, :3].argmax(1)
gate = nn.Linear(6, 2)
experts = nn.ModuleList([nn.Linear(6, 3), nn.Linear(6, 3)])
optimizer = torch.optim.Adam([*gate.parameters(), *experts.parameters()], lr=0.01)
for _ in range(12):
    votes = torch.stack([F.softmax(expert(x), dim=1) for expert in experts], dim=1)
    mixed = (F.softmax(gate(x), dim=1).unsqueeze(2) * votes).sum(1)
    loss = F.cross_entropy(mixed, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
