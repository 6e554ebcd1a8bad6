"""A language model whose output layer shares the embedding's weight."""

import torch
from torch import nn

torch.manual_seed(0)


class Tied(nn.Module):
    def __init__(self, symbols=11, width=8):
        super().__init__()
        self.embedding = nn.Embedding(symbols, width)
        self.mix = nn.Linear(width, width)
        self.decoder = nn.Linear(width, symbols, bias=False)
        self.decoder.weight = self.embedding.weight

    def forward(self, x):
        return self.decoder(torch.tanh(self.mix(self.embedding(x))))


model = Tied()
assert len(list(model.parameters())) == 3
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1)

for step in range(8):
    x = torch.randint(0, 11, (16,))
    loss = nn.functional.cross_entropy(model(x), (x * 3 + 1) % 11)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), model.decoder.weight.grad.abs().sum().item())
