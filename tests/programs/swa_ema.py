"""Stochastic weight averaging and an exponential moving average of the weights."""

import torch
from torch import nn
from torch.optim.swa_utils import SWALR, AveragedModel, get_ema_multi_avg_fn, update_bn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)

X = torch.randn(48, 4)
y = (X[:, :1] * X[:, 1:2]).tanh()
loader = DataLoader(TensorDataset(X, y), batch_size=12, shuffle=True)

model = nn.Sequential(nn.Linear(4, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 1))
swa = AveragedModel(model)
ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9), use_buffers=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
swa_schedule = SWALR(optimizer, swa_lr=0.02, anneal_epochs=2)

for epoch in range(4):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(xb), yb)
        loss.backward()
        optimizer.step()
        ema.update_parameters(model)
    if epoch >= 1:
        swa.update_parameters(model)
        swa_schedule.step()
    print(epoch, loss.item())

update_bn(((xb,) for xb, _ in loader), swa)
swa.eval()
ema.eval()
with torch.no_grad():
    print(nn.functional.mse_loss(swa(X), y).item(), nn.functional.mse_loss(ema(X), y).item())
