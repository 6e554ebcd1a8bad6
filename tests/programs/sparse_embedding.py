"""Skip-gram word vectors with sparse gradients and SparseAdam."""

import torch
from torch import nn

torch.manual_seed(0)

words = nn.Embedding(30, 6, sparse=True)
contexts = nn.EmbeddingBag(30, 6, mode="mean", sparse=True)
optimizer = torch.optim.SparseAdam([*words.parameters(), *contexts.parameters()], lr=0.05)

for step in range(6):
    centre = torch.randint(0, 30, (8,))
    around = (centre.unsqueeze(1) + torch.tensor([-1, 1])) % 30
    negative = torch.randint(0, 30, (8, 2))
    w = words(centre)
    positive_score = (w * contexts(around)).sum(1)
    negative_score = (w * contexts(negative)).sum(1)
    loss = nn.functional.softplus(-positive_score).mean()
    loss = loss + nn.functional.softplus(negative_score).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(
        step, loss.item(), words.weight.grad.is_sparse, words.weight.grad.coalesce().values().shape
    )
