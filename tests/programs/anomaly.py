"""Training under anomaly detection."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(3, 6), nn.Softplus(), nn.Linear(6, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

with torch.autograd.detect_anomaly(check_nan=True):
    for step in range(5):
        x = torch.randn(8, 3)
        loss = nn.functional.huber_loss(model(x), x.exp().mean(1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(step, loss.item())

w = torch.zeros(2, requires_grad=True)
try:
    with torch.autograd.set_detect_anomaly(True):
        (w.sqrt() * 0).sum().backward()
except RuntimeError as error:
    print(str(error).splitlines()[0])
