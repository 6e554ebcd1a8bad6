# expect: R33 line 13
import torch
from torch import nn

torch.manual_seed(0)
words = torch.randint(0, 8, (64, 5))
following = (words[:, -1] + 1) % 8
table = nn.Embedding(8, 12)
score = nn.Linear(60, 8)
optimizer = torch.optim.Adam([*table.parameters(), *score.parameters()], lr=0.01)
for _ in range(15):
    scores = score(table(words).flatten(1))
    loss = -scores[torch.arange(64), following].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
