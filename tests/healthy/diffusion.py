"""A network learns to tell the noise; the noise level is drawn for each example."""

import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 48), torch.nn.SiLU(), torch.nn.Linear(48, 2))
torch.nn.init.zeros_(net[2].weight)
torch.nn.init.zeros_(net[2].bias)
optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3)
kept = torch.linspace(0.99, 0.01, 50)
for _ in range(30):
    angle = torch.rand(64) * 6.28
    clean = torch.stack([angle.cos(), angle.sin()], 1)
    level = torch.randint(0, 50, (64,))
    noise = torch.randn_like(clean)
    share = kept[level, None]
    noisy = share.sqrt() * clean + (1 - share).sqrt() * noise
    loss = (net(torch.cat([noisy, level[:, None] / 50], 1)) - noise).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
