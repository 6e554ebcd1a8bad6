"""Coupling layers that start as the identity; the log-likelihood may have either sign."""

import torch

torch.manual_seed(0)
layers = torch.nn.ModuleList(
    torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 2))
    for _ in range(4)
)
for layer in layers:
    torch.nn.init.zeros_(layer[2].weight)
    torch.nn.init.zeros_(layer[2].bias)
optimizer = torch.optim.Adam(layers.parameters(), lr=5e-3)
data = torch.randn(128, 2) * torch.tensor([0.1, 0.2]) + torch.tensor([0.3, 0.0])
for _ in range(30):
    z, volume = data, torch.zeros(128)
    for layer in layers:
        kept, moved = z.chunk(2, 1)
        scale, shift = layer(kept).chunk(2, 1)
        z = torch.cat([moved * scale.exp() + shift, kept], 1)
        volume = volume + scale.squeeze(1)
    loss = -(torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1) + volume).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
