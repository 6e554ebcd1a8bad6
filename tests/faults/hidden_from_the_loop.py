# expect: R04 line 23
import torch
import torch.nn.functional as F
from torch import nn


class Reader(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.table = nn.Embedding(words, 6)
        self.rnn = nn.LSTM(6, 9)
        self.next = nn.Linear(9, words)

    def forward(self, text, memory):
        return self.decode(*self.rnn(self.table(text), memory))

    def decode(self, states, memory):
        return self.next(states), memory


def chapter(reader, optimizer, text, memory):
    for start in range(0, len(text) - 6, 6):
        scores, memory = reader(text[start : start + 6], memory)
        loss = F.cross_entropy(scores.transpose(1, 2), text[start + 1 : start + 7])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


torch.manual_seed(2)
reader = Reader(15)
chapter(reader, torch.optim.SGD(reader.parameters(), lr=0.1), torch.randint(0, 15, (60, 2)), None)
