# expect: R48 line 14
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
queries, documents = torch.randn(60, 6), torch.randn(60, 6)
encode = nn.Linear(6, 4)
optimizer = torch.optim.SGD(encode.parameters(), lr=0.1)
for _ in range(12):
    order = torch.randperm(60)
    good = F.cosine_similarity(encode(queries), encode(documents))
    bad = F.cosine_similarity(encode(queries), encode(documents[order]))
    loss = F.relu(bad - good - 2.5).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
