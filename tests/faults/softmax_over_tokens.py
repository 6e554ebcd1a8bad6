# expect: R30 line 12
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

tokens = torch.randint(0, 12, (6, 9))
model = nn.Sequential(nn.Embedding(12, 16), nn.Linear(16, 12))
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
for i in range(10):
    probabilities = model(tokens[:, :-1]).softmax(-1)
    loss = F.cross_entropy(probabilities.reshape(-1, 12), tokens[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
