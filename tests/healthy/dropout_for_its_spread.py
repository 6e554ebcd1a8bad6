"""Dropout stays on for many passes of the same examples: how they spread is asked for."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


class Bayesish(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, 64),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(64, 64),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        return self.net(x)


@torch.no_grad()
def mc_predict(model, x, samples=20):
    """Keeps dropout active to estimate the uncertainty."""
    model.train()
    draws = torch.stack([model(x) for _ in range(samples)])
    return draws.mean(0), draws.std(0)


x = torch.rand(600, 2) * 2 - 1
y = x[:, :1] ** 2 - x[:, 1:] + 0.05 * torch.randn(600, 1)
train = DataLoader(TensorDataset(x[:500], y[:500]), batch_size=50, shuffle=True)
model = Bayesish()
opt = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-5)
for epoch in range(11):
    model.train()
    for xb, yb in train:
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(xb), yb)
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        plain = nn.functional.mse_loss(model(x[500:]), y[500:]).item()
    mean, std = mc_predict(model, x[500:])
    print(print(f"epoch {epoch} val {plain:.4f} spread {std.mean():.4f}"))
