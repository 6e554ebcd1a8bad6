# expect: R74 line 28
import copy

import torch
import torch.nn as nn


def train(model, x, y, rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for _ in range(8):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def make():
    return nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))


torch.manual_seed(0)
x = torch.randn(64, 5)
y = x[:, :1] * x[:, 1:2]
first = make()
train(first, x, y, 0.1)
resumed = make()
resumed.load_state_dict(copy.deepcopy(first.state_dict()))
resumed.eval()
with torch.no_grad():
    print(nn.functional.mse_loss(resumed(x), y).item())
train(resumed, x, y, 0.05)
