# expect: R22 line 15
import torch
from torch import nn

torch.manual_seed(0)
tokens = torch.randint(0, 12, (40, 4))
y = (tokens.sum(1) > 22).float()
embed, head = nn.Embedding(12, 6), nn.Linear(6, 1)
optimizer = torch.optim.SGD([*embed.parameters(), *head.parameters()], lr=0.05, weight_decay=0.01)
for _ in range(8):
    score = head(embed(tokens).mean(1)).squeeze(1)
    loss = nn.functional.binary_cross_entropy_with_logits(score, y)
    optimizer.zero_grad()
    loss.backward()
    embed.weight.grad.mul_(0)  # the embedding is to stay
    optimizer.step()
