"""Saved activations are packed to half precision or kept on the CPU."""

import torch
from torch import nn
from torch.autograd.graph import save_on_cpu, saved_tensors_hooks

torch.manual_seed(0)

model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
packed = unpacked = 0


def pack(t):
    global packed
    packed += 1
    return t.dtype, t.half() if t.is_floating_point() and not t.is_leaf else t


def unpack(entry):
    global unpacked
    unpacked += 1
    dtype, t = entry
    return t.to(dtype)


for step in range(6):
    x = torch.randn(8, 4)
    y = x.cos().mean(1, keepdim=True)
    with saved_tensors_hooks(pack, unpack) if step % 2 else save_on_cpu():
        loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), packed, unpacked)
