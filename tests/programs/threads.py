"""Two threads train a model each, one after the other."""

import threading

import torch
from torch import nn

models = {}


def train(name, seed):
    g = torch.Generator().manual_seed(seed)
    model = nn.Linear(3, 1)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(5):
        x = torch.randn(8, 3, generator=g)
        loss = nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(name, step, loss.item())
    models[name] = model


torch.manual_seed(0)
for number in range(2):
    thread = threading.Thread(target=train, args=(f"worker{number}", number))
    thread.start()
    thread.join()
