"""Skip-gram with negative samples: most rows of both tables have no gradient in a step."""

import torch
from torch.nn import functional as F

torch.manual_seed(0)
words = torch.nn.Embedding(24, 12, sparse=True)
contexts = torch.nn.Embedding(24, 12, sparse=True)
torch.nn.init.zeros_(contexts.weight)
optimizer = torch.optim.SparseAdam([*words.parameters(), *contexts.parameters()], lr=0.05)
for _ in range(60):
    centre = torch.randint(0, 24, (32,))
    near = (centre + torch.randint(1, 3, (32,))) % 24
    far = torch.randint(0, 24, (32, 5))
    vector = words(centre)
    right = (vector * contexts(near)).sum(1)
    wrong = (vector[:, None] * contexts(far)).sum(2)
    loss = -F.logsigmoid(right).mean() - F.logsigmoid(-wrong).sum(1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
