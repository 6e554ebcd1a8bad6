"""A cosine that starts anew: at the end of each round the rate is next to nothing."""

import torch

torch.manual_seed(0)
X = torch.rand(80, 2) * 2 - 1
y = torch.sin(3 * X[:, :1]) * X[:, 1:]
model = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.GELU(), torch.nn.Linear(16, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.0)
restarts = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=5, T_mult=2)
for epoch in range(15):
    for part, batch in enumerate(torch.randperm(len(X)).split(20)):
        loss = torch.nn.functional.mse_loss(model(X[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        restarts.step(epoch + part / 4)
