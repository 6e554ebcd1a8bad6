# expect: R69 line 14
import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Parameter(torch.randn(6))
        self.mix = nn.Linear(6, 12)
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        x = self.query.repeat(len(x), 1)  # meant: x + self.query
        return self.head(self.mix(x).relu())


torch.manual_seed(0)
data, kinds = torch.randn(45, 6), torch.arange(45) % 3
reader = Reader()
optimizer = torch.optim.Adam(reader.parameters(), lr=0.01)
for _ in range(20):
    loss = nn.functional.cross_entropy(reader(data), kinds)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
