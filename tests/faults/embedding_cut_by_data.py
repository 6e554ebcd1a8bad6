# expect: R14 line 12
import torch
import torch.nn as nn

torch.manual_seed(0)
tokens = torch.randint(0, 20, (32, 6))
y = (tokens.float().mean(1) > 9.5).float()
embedding = nn.Embedding(20, 8)
head = nn.Linear(8, 1)
optimizer = torch.optim.Adam([*embedding.parameters(), *head.parameters()], lr=0.01)
for _ in range(8):
    vectors = embedding(tokens).mean(1).detach()
    vectors.requires_grad = True
    loss = nn.functional.binary_cross_entropy_with_logits(head(vectors).squeeze(1), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
