# expect: R64 line 8
import torch

torch.manual_seed(0)
words = torch.nn.Embedding(6, 8)
hidden = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 6))
optimizer = torch.optim.SGD([*words.parameters(), *hidden.parameters()], lr=0.02)
place = torch.arange(100.0).view(1, -1, 1)
for step in range(30):
    text = torch.randint(0, 6, (4, 100))
    scores = hidden(words(text) + place)
    loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), (5 - text).flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
