# expect: R37 line 31
import torch
import torch.nn as nn
from torch.distributions import Normal
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
theta = torch.rand(1500) * 6.2832
data = torch.stack([theta.cos(), theta.sin(), (2 * theta).cos(), (2 * theta).sin()], 1)
data = data + 0.05 * torch.randn_like(data)


class Encoder(nn.Module):
    def __init__(self, d, z):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d, 32), nn.ReLU())
        self.mu = nn.Linear(32, z)
        self.logvar = nn.Linear(32, z)

    def forward(self, x):
        h = self.trunk(x)
        return self.mu(h), self.logvar(h)


class Decoder(nn.Sequential):
    def __init__(self, z, d):
        super().__init__(nn.Linear(z, 32), nn.ReLU(), nn.Linear(32, d))


def kl_divergence(mu, logvar):
    return 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1).mean()


def reconstruction(x_hat, x):
    return ((x_hat - x) ** 2).sum(1).mean()


enc, dec = Encoder(4, 2), Decoder(2, 4)
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=3e-3)
loader = DataLoader(TensorDataset(data), batch_size=150, shuffle=True, drop_last=True)
BETA = 0.1

for epoch in range(10):
    sums = [0.0, 0.0]
    for (x,) in loader:
        mu, logvar = enc(x)
        z = Normal(mu, torch.exp(0.5 * logvar)).rsample()
        rec, kl = reconstruction(dec(z), x), kl_divergence(mu, logvar)
        loss = rec + BETA * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        sums[0] += rec.item()
        sums[1] += kl.item()
    print(print(f"epoch {epoch} rec {sums[0] / len(loader):.4f} kl {sums[1] / len(loader):.4f}"))
