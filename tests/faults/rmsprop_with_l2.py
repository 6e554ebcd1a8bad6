# expect: R27 line 10
import torch

torch.manual_seed(0)
words = torch.randint(0, 30, (40, 5))
y = (words > 15).float().mean(1)
bag = torch.nn.EmbeddingBag(30, 4)
head = torch.nn.Linear(4, 1)
parameters = [*bag.parameters(), *head.parameters()]
optimizer = torch.optim.RMSprop(parameters, lr=0.01, weight_decay=0.01)
for _ in range(15):
    optimizer.zero_grad()
    loss = torch.nn.functional.huber_loss(head(bag(words)).squeeze(1), y)
    loss.backward()
    optimizer.step()
