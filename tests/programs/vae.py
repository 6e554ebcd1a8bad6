"""A variational autoencoder with the reparameterisation trick."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Linear(16, 12)
        self.mu = nn.Linear(12, 3)
        self.logvar = nn.Linear(12, 3)
        self.decode = nn.Sequential(nn.Linear(3, 12), nn.ReLU(), nn.Linear(12, 16))

    def forward(self, x):
        h = torch.relu(self.encode(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return self.decode(z), mu, logvar


data = (torch.rand(64, 16) > 0.7).float()
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)

for epoch in range(3):
    for batch in data.split(16):
        recon, mu, logvar = model(batch)
        bce = F.binary_cross_entropy_with_logits(recon, batch, reduction="sum")
        kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
        loss = (bce + kld) / len(batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item(), bce.item(), kld.item())

with torch.no_grad():
    samples = torch.bernoulli(torch.sigmoid(model.decode(torch.randn(2, 3))))
print(samples.sum().item())
