"""Learning-rate schedules: warm-up into cosine, and reduction on a plateau."""

import torch
from torch import nn
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    LinearLR,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
)

torch.manual_seed(0)

X, y = torch.randn(32, 5), torch.randn(32, 1)
models = [nn.Linear(5, 1) for _ in range(3)]
optimizers = [torch.optim.Adam(m.parameters(), lr=0.1) for m in models]
warm = SequentialLR(
    optimizers[0],
    [LinearLR(optimizers[0], 0.1, total_iters=3), CosineAnnealingLR(optimizers[0], T_max=5)],
    milestones=[3],
)
plateau = ReduceLROnPlateau(optimizers[1], patience=0, factor=0.5, threshold=0.5)
cycle = OneCycleLR(optimizers[2], max_lr=0.2, total_steps=8)

for epoch in range(8):
    losses = []
    for model, optimizer in zip(models, optimizers):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    warm.step()
    plateau.step(losses[1])
    cycle.step()
    print(epoch, losses, [o.param_groups[0]["lr"] for o in optimizers])
