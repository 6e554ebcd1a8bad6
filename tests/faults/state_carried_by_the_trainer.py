# expect: R04 line 25
import torch
from torch import nn


class Memory(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(2, 8)
        self.out = nn.Linear(8, 1)

    def forward(self, x, state):
        h, c = self.cell(x, state)
        return self.out(h), (h, c)


def train(model, series, state=None):
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    for x, y in zip(series[:-1], series[1:], strict=True):
        optimizer.zero_grad()
        guess, state = step(model, x, state, optimizer, y)


def step(model, x, state, optimizer, y):
    guess, state = model(x, state)
    nn.functional.mse_loss(guess, y[:, :1]).backward()
    optimizer.step()
    return guess, state


torch.manual_seed(0)
train(Memory(), torch.randn(12, 4, 2))
