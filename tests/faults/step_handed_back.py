# expect: R17 line 10
import torch
from torch import nn


def updating(model, optimizer):
    def clip():
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        # the method itself, not what it does
        return optimizer.step

    def update(x, y):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        clip()

    return update


torch.manual_seed(0)
x = torch.randn(60, 4)
y = (x[:, 0] > 0).long()
model = nn.Linear(4, 2)
update = updating(model, torch.optim.Adam(model.parameters(), lr=0.01))
for _ in range(12):
    update(x, y)
