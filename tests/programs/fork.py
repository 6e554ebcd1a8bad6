"""A forked child evaluates a copy of the model while the parent goes on training."""

import os

import torch
from torch import nn

torch.manual_seed(0)

model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train(steps):
    for _ in range(steps):
        x = torch.randn(8, 3)
        loss = nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())


def evaluate(writer):
    copy = nn.Linear(3, 1)
    copy.load_state_dict(model.state_dict())
    optimizer = torch.optim.SGD(copy.parameters(), lr=0.1)
    x = torch.ones(2, 3)
    loss = copy(x).square().sum()
    loss.backward()
    optimizer.step()
    os.write(writer, repr(copy(x).tolist()).encode())


def fork_and_train():
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            evaluate(writer)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    train(3)
    with os.fdopen(reader) as pipe:
        print("child:", pipe.read())
    _, status = os.waitpid(child, 0)
    print("status", status)


train(3)
fork_and_train()
