"""Hooks on tensors, modules, parameters and optimizers that watch and change gradients."""

import torch
from torch import nn

torch.manual_seed(0)
log = []


def forward_hook(module, args, output):
    log.append(("forward", type(module).__name__, output.mean().item()))
    return output * 1.01


def pre_hook(module, args):
    return (args[0] + 0.001,)


def backward_hook(module, grad_input, grad_output):
    log.append(("backward", type(module).__name__, grad_output[0].norm().item()))
    return tuple(g * 0.5 if g is not None else None for g in grad_input)


def pre_backward_hook(module, grad_output):
    return tuple(g.clamp(-0.1, 0.1) for g in grad_output)


def limit(parameter):
    parameter.grad.clamp_(-0.05, 0.05)


model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
model[0].register_forward_hook(forward_hook)
model[2].register_forward_pre_hook(pre_hook)
model[2].register_full_backward_hook(backward_hook)
model[4].register_full_backward_pre_hook(pre_backward_hook)
model[4].weight.register_hook(lambda g: g * 2)
model[4].bias.register_post_accumulate_grad_hook(limit)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
optimizer.register_step_post_hook(lambda *_: log.append(("step",)))

for step in range(5):
    x = torch.randn(8, 4)
    y = x.square().sum(1, keepdim=True)
    out = model(x)
    out.retain_grad()
    out.register_hook(lambda g: log.append(("out", g.norm().item())))
    loss = nn.functional.smooth_l1_loss(out, y)
    handle = loss.grad_fn.register_hook(lambda gi, go: log.append(("node", go[0].item())))
    optimizer.zero_grad()
    loss.backward()
    handle.remove()
    optimizer.step()
    print(step, loss.item(), out.grad.norm().item(), model[4].bias.grad.item())

for entry in log:
    print(*entry)
