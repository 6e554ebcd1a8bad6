"""A training loop with a bug: in step 5 the loss is sent backward twice."""

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train_step(step):
    x = torch.randn(8, 3)
    loss = nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    if step == 5:
        loss.backward()
    optimizer.step()
    return loss.item()


for step in range(10):
    print(step, train_step(step))
