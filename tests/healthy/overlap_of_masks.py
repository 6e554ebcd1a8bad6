"""Segmentation: a Dice loss on sigmoid outputs, next to BCE with logits."""

import torch
from torch.nn import functional as F

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Conv2d(1, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 1, 3, padding=1)
)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
mask = (torch.rand(12, 1, 8, 8) > 0.7).float()
image = mask + 0.3 * torch.randn_like(mask)
for _ in range(25):
    logits = net(image)
    chance = logits.sigmoid()
    both = (chance * mask).sum((1, 2, 3))
    dice = 1 - ((2 * both + 1) / (chance.sum((1, 2, 3)) + mask.sum((1, 2, 3)) + 1)).mean()
    loss = F.binary_cross_entropy_with_logits(logits, mask) + dice
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
