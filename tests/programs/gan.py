"""A generative adversarial network: two models, two optimizers."""

import torch
from torch import nn

torch.manual_seed(0)

generator = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 2))
discriminator = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
opt_g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
criterion = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(16, 1), torch.zeros(16, 1)

for step in range(6):
    real = torch.randn(16, 2) * 0.5 + torch.tensor([2.0, -1.0])

    # discriminator
    opt_d.zero_grad()
    fake = generator(torch.randn(16, 2))
    d_loss = criterion(discriminator(real), ones) + criterion(discriminator(fake.detach()), zeros)
    d_loss.backward()
    opt_d.step()

    # generator
    opt_g.zero_grad()
    g_loss = criterion(discriminator(fake), ones)
    g_loss.backward()
    opt_g.step()

    print(step, d_loss.item(), g_loss.item())
