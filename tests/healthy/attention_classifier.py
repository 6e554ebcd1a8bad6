"""A softmax inside the model, and the cross-entropy on raw scores."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
tokens = torch.randint(0, 20, (32, 7))
label = (tokens.float().mean(1) > 10).long()
embedding, query, head = nn.Embedding(20, 8), nn.Linear(8, 1), nn.Linear(8, 2)
parameters = [p for m in (embedding, query, head) for p in m.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.01)
for step in range(20):
    words = embedding(tokens)
    weight = query(words).softmax(1)
    loss = F.cross_entropy(head((weight * words).sum(1)), label)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
