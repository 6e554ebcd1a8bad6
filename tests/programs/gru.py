"""A GRU cell, unrolled by hand, learns the parity of bit strings."""

import torch
from torch import nn

torch.manual_seed(4)


class Parity(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(1, 10)
        self.out = nn.Linear(10, 1)

    def forward(self, bits):
        h = bits.new_zeros(bits.size(0), 10)
        for t in range(bits.size(1)):
            h = self.cell(bits[:, t : t + 1], h)
        return self.out(h).squeeze(1)


model = Parity()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
criterion = nn.BCEWithLogitsLoss()

for step in range(8):
    bits = torch.randint(0, 2, (16, 6)).float()
    target = bits.sum(1) % 2
    loss = criterion(model(bits), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
