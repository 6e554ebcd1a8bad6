"""A transformer encoder classifies sequences by which symbol is most frequent."""

import torch
from torch import nn

torch.manual_seed(0)


class Classifier(nn.Module):
    def __init__(self, symbols=4, width=16):
        super().__init__()
        self.embed = nn.Embedding(symbols, width)
        self.position = nn.Parameter(0.02 * torch.randn(1, 12, width))
        layer = nn.TransformerEncoderLayer(width, nhead=4, dim_feedforward=32, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.head = nn.Linear(width, symbols)

    def forward(self, x, padding):
        h = self.encoder(self.embed(x) + self.position, src_key_padding_mask=padding)
        return self.head(h.mean(dim=1))


model = Classifier()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)

for step in range(5):
    x = torch.randint(0, 4, (8, 12))
    padding = torch.arange(12).expand(8, 12) >= torch.randint(8, 13, (8, 1))
    y = nn.functional.one_hot(x, 4).sum(1).argmax(1)
    loss = nn.functional.cross_entropy(model(x, padding), y, label_smoothing=0.1)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())

model.eval()
with torch.no_grad():
    print(model(x, padding).argmax(1).tolist(), y.tolist())
