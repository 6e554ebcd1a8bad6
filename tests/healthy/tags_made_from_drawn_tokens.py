"""Tokens are drawn in each step, and the targets are made of them, one column by itself."""

import torch

torch.manual_seed(0)
tokens = torch.nn.Embedding(6, 8)
head = torch.nn.Linear(8, 3)
optimizer = torch.optim.Adam([*tokens.parameters(), *head.parameters()], lr=0.02)
for step in range(100):
    t = torch.randint(0, 6, (16, 4))
    tags = (t + 1) % 3
    tags[:, 0] = t[:, 0] % 3
    loss = torch.nn.functional.cross_entropy(head(tokens(t)).flatten(0, 1), tags.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
