"""Two views of one example; one branch is detached."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
backbone, predictor = nn.Linear(8, 8), nn.Linear(8, 8)
optimizer = torch.optim.SGD([*backbone.parameters(), *predictor.parameters()], lr=0.05)
for step in range(20):
    x = torch.randn(32, 8)
    one, other = backbone(x + 0.1 * torch.randn_like(x)), backbone(x + 0.1 * torch.randn_like(x))
    loss = -F.cosine_similarity(predictor(one), other.detach()).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
