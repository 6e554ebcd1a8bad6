# expect: R79 line 8
import torch
from torch import nn


def split(x, y, frac):
    n = int(len(x) * frac)
    return (x[:n], y[:n]), (x[: len(x) - n], y[: len(x) - n])


torch.manual_seed(12)
x = torch.randn(300, 5)
y = (x[:, 0] * x[:, 1] > 0).long()
(train_x, train_y), (val_x, val_y) = split(x, y, 0.7)
model = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 2))
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(40):
    model.train()
    opt.zero_grad()
    loss = nn.functional.cross_entropy(model(train_x), train_y)
    loss.backward()
    opt.step()
    model.eval()
    with torch.no_grad():
        acc = (model(val_x).argmax(1) == val_y).float().mean()
print(loss.item(), acc.item())
