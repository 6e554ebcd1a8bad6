# expect: R78 line 17
import torch
from torch import nn

torch.manual_seed(3)
words = torch.randint(0, 200, (120, 8))
labels = torch.randint(0, 2, (120,))
embed, head = nn.EmbeddingBag(200, 16), nn.Linear(16, 2)
optimizer = torch.optim.Adam([*embed.parameters(), *head.parameters()], lr=0.02)


def evaluate():
    with torch.inference_mode():
        return nn.functional.cross_entropy(head(embed(words[60:])), labels[60:]).item()


for epoch in range(40):
    loss = nn.functional.cross_entropy(head(embed(words[:60])), labels[:60])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(epoch, evaluate())
