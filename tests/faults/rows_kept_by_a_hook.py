# expect: R22 line 10
import torch

torch.manual_seed(0)
words = torch.nn.Embedding(20, 4)
head = torch.nn.Linear(4, 2)
fixed = torch.ones(20, 1)
fixed[:10] = 0.0
words.weight.register_hook(lambda gradient: gradient * fixed)
optimizer = torch.optim.AdamW([*words.parameters(), *head.parameters()], weight_decay=0.1)
for epoch in range(12):
    text = torch.randint(0, 20, (16, 5))
    loss = torch.nn.functional.cross_entropy(head(words(text).mean(1)), text[:, 0] % 2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
