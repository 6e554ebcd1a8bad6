"""Differentially private SGD: per-sample gradients by vmap, clipped and noised."""

import torch
from torch import nn
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)


def sample_loss(params, x, y):
    logits = functional_call(model, params, (x.unsqueeze(0),))
    return nn.functional.cross_entropy(logits, y.unsqueeze(0))


per_sample = vmap(grad(sample_loss), in_dims=(None, 0, 0))

for step in range(5):
    x = torch.randn(8, 5)
    y = (x[:, 0] > 0).long()
    params = {k: v.detach() for k, v in model.named_parameters()}
    grads = per_sample(params, x, y)
    norms = torch.stack([g.flatten(1).norm(dim=1) for g in grads.values()]).norm(dim=0)
    scale = (0.5 / (norms + 1e-6)).clamp(max=1.0)
    for name, p in model.named_parameters():
        g = (grads[name] * scale.view(-1, *[1] * p.dim())).sum(0)
        p.grad = (g + 0.05 * torch.randn_like(g)) / len(x)
    optimizer.step()
    with torch.no_grad():
        print(step, nn.functional.cross_entropy(model(x), y).item(), norms.max().item())
