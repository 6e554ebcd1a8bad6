"""A Wasserstein GAN with gradient penalty: double backward in the critic's loss."""

import torch
from torch import nn

torch.manual_seed(0)

generator = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
critic = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
opt_g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.0, 0.9))
opt_c = torch.optim.Adam(critic.parameters(), lr=1e-3, betas=(0.0, 0.9))


def gradient_penalty(real, fake):
    eps = torch.rand(real.size(0), 1)
    mixed = (eps * real + (1 - eps) * fake).requires_grad_(True)
    scores = critic(mixed)
    (grad,) = torch.autograd.grad(
        outputs=scores,
        inputs=mixed,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
    )
    return ((grad.norm(2, dim=1) - 1) ** 2).mean()


for step in range(4):
    for _ in range(2):
        real = torch.randn(8, 2) + 1.0
        fake = generator(torch.randn(8, 2)).detach()
        penalty = gradient_penalty(real, fake)
        c_loss = critic(fake).mean() - critic(real).mean() + 10.0 * penalty
        opt_c.zero_grad()
        c_loss.backward()
        opt_c.step()
    g_loss = -critic(generator(torch.randn(8, 2))).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    print(step, c_loss.item(), penalty.item(), g_loss.item())
