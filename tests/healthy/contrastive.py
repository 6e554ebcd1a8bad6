"""Two views of each example find each other: the logits are cosines over a temperature."""

import torch
from torch.nn import functional as F

torch.manual_seed(0)
encoder = torch.nn.Sequential(torch.nn.Linear(10, 32), torch.nn.ReLU(), torch.nn.Linear(32, 8))
temperature = torch.nn.Parameter(torch.tensor(0.0))
optimizer = torch.optim.Adam([*encoder.parameters(), temperature], lr=1e-3)
for _ in range(25):
    x = torch.randn(32, 10)
    one = F.normalize(encoder(x + 0.1 * torch.randn_like(x)), dim=1)
    two = F.normalize(encoder(x + 0.1 * torch.randn_like(x)), dim=1)
    logits = one @ two.T * temperature.exp()
    target = torch.arange(32)
    loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
