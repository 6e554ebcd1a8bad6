"""Batch norm and dropout, switched between training and evaluation."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(
    nn.Conv1d(2, 6, 3, padding=1),
    nn.BatchNorm1d(6),
    nn.ReLU(inplace=True),
    nn.Dropout1d(0.3),
    nn.Flatten(),
    nn.Linear(6 * 8, 16),
    nn.BatchNorm1d(16, momentum=None),
    nn.Hardtanh(),
    nn.AlphaDropout(0.2),
    nn.Linear(16, 2),
)
optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)

for epoch in range(3):
    model.train()
    for _ in range(3):
        x = torch.randn(8, 2, 8)
        y = (x.mean((1, 2)) > 0).long()
        loss = nn.functional.nll_loss(model(x).log_softmax(1), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        val = nn.functional.cross_entropy(model(x), y)
    print(epoch, loss.item(), val.item(), model[1].running_mean.sum().item())
