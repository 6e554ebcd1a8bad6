"""A target network follows slowly; how far codes spread is read of what was just trained on."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
proto = torch.randn(5, 16)


def mlp(i, h, o):
    return nn.Sequential(nn.Linear(i, h), nn.BatchNorm1d(h), nn.ReLU(), nn.Linear(h, o))


online = mlp(16, 48, 12)
predictor = mlp(12, 24, 12)
target = copy.deepcopy(online)
for p in target.parameters():
    p.requires_grad = False
opt = torch.optim.Adam([*online.parameters(), *predictor.parameters()], lr=3e-3)


def views(n):
    x = proto[torch.randint(0, 5, (n,))]
    return x + 0.7 * torch.randn_like(x), x + 0.7 * torch.randn_like(x)


def regress(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=-1).mean()


for step in range(100):
    a, b = views(128)
    loss = 0.5 * regress(predictor(online(a)), target(b)) + 0.5 * regress(
        predictor(online(b)), target(a)
    )
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for t, o in zip(target.parameters(), online.parameters()):
            t.mul_(0.97).add_(o, alpha=0.03)
    if step % 20 == 19:
        with torch.no_grad():
            spread = F.normalize(online(a), dim=1).std(0).mean().item()
        print(step, f"{loss.item():.4f} spread {spread:.3f}")
