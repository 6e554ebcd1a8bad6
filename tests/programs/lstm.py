"""A two-layer LSTM language model over characters, with packed sequences."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.manual_seed(0)

words = ["the quick", "brown fox", "jumps", "over", "the lazy dog"]
alphabet = sorted(set("".join(words)))
index = {c: i + 1 for i, c in enumerate(alphabet)}
data = sorted((torch.tensor([index[c] for c in w]) for w in words), key=len, reverse=True)
lengths = [len(d) - 1 for d in data]
inputs = pad_sequence([d[:-1] for d in data], batch_first=True)
targets = pad_sequence([d[1:] for d in data], batch_first=True)


class CharLSTM(nn.Module):
    def __init__(self, symbols):
        super().__init__()
        self.embed = nn.Embedding(symbols, 8, padding_idx=0)
        self.lstm = nn.LSTM(8, 16, num_layers=2, dropout=0.2, batch_first=True)
        self.out = nn.Linear(16, symbols)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embed(x), lengths, batch_first=True)
        states, _ = self.lstm(packed)
        states, _ = pad_packed_sequence(states, batch_first=True)
        return self.out(states)


model = CharLSTM(len(alphabet) + 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
criterion = nn.CrossEntropyLoss(ignore_index=0)

for step in range(8):
    logits = model(inputs, lengths)
    loss = criterion(logits.flatten(0, 1), targets.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
