# expect: R16 line 18
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

tokens = torch.randint(0, 20, (32, 7))
label = (tokens.float().mean(1) > 10).float()
embedding = nn.Embedding(20, 8)
head = nn.Linear(8, 1)
parameters = [*embedding.parameters(), *head.parameters()]
optimizer = torch.optim.RMSprop(parameters, lr=0.01)
for i in range(10):
    score = head(embedding(tokens).mean(1)).squeeze(1)
    loss = F.binary_cross_entropy_with_logits(score, label)
    loss.backward()
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()
