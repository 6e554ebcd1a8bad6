# expect: R84 line 24
import torch
import torch.nn.functional as F
from torch import nn


class VAE(nn.Module):
    def __init__(self, d=40, z=4, h=64):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(d, h), nn.ReLU())
        self.mu = nn.Linear(h, z)
        self.logvar = nn.Linear(h, z)
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ReLU(), nn.Linear(h, d))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def elbo_terms(x, rec, mu, logvar):
    recon = F.mse_loss(rec, x)
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return recon, kl


class Experiment:
    def __init__(self, lr=4e-3, batch=64):
        torch.manual_seed(8)
        load = torch.randn(3, 40)
        data = torch.randn(640, 3) @ load
        self.data = (data - data.mean(0)) / data.std(0)
        self.batch = batch
        self.model = VAE()
        self.opt = torch.optim.Adam(self.model.parameters(), lr=lr)

    def epoch(self):
        logs = []
        for idx in torch.randperm(len(self.data)).split(self.batch):
            x = self.data[idx]
            rec, mu, logvar = self.model(x)
            recon, kl = elbo_terms(x, rec, mu, logvar)
            loss = recon + kl
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            logs.append((recon.item(), kl.item()))
        return [sum(c) / len(c) for c in zip(*logs)]


exp = Experiment()
for e in range(11):
    recon, kl = exp.epoch()
    print(f"epoch {e:2d} recon {recon:.4f} kl {kl:.4f}")
