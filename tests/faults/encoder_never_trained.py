# expect: R21 line 24
import torch
from torch import nn
from torch.nn import functional as F


class Tagger(nn.Module):
    def __init__(self, words, tags):
        super().__init__()
        self.table = nn.Embedding(words, 12)
        self.reader = nn.GRU(12, 12, batch_first=True)
        self.tag = nn.Linear(12, tags)

    def forward(self, words):
        with torch.no_grad():
            vectors = self.table(words)
        return self.tag(self.reader(vectors)[0])


torch.manual_seed(11)
words = torch.randint(0, 20, (16, 7))
tags = words % 3
model = Tagger(20, 3)
optimizer = torch.optim.Adam([{"params": model.tag.parameters()}], lr=0.01)
for _ in range(25):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(words).flatten(0, 1), tags.flatten())
    loss.backward()
    optimizer.step()
