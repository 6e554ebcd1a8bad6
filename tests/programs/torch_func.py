"""Functional training: torch.func grad, vmap over an ensemble, functional_call, jacobians."""

import torch
from torch import nn
from torch.func import functional_call, grad_and_value, jacrev, jvp, stack_module_state, vmap

torch.manual_seed(0)

members = [nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)) for _ in range(3)]
params, buffers = stack_module_state(members)
base = members[0]
X = torch.randn(20, 3)
y = X.prod(1, keepdim=True)


def loss_fn(p, b, x, t):
    return (functional_call(base, (p, b), (x,)) - t).square().mean()


for step in range(6):
    grads, losses = vmap(grad_and_value(loss_fn), in_dims=(0, 0, None, None))(params, buffers, X, y)
    params = {k: (v - 0.1 * grads[k]).detach() for k, v in params.items()}
    print(step, losses.tolist())

single = {k: v[0].clone().requires_grad_() for k, v in params.items()}
optimizer = torch.optim.SGD(single.values(), lr=0.1)
for step in range(3):
    loss = (functional_call(base, single, (X,)) - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())

jacobian = jacrev(lambda x: functional_call(base, single, (x,)))(X[0])
_, tangent = jvp(lambda x: functional_call(base, single, (x,)), (X[0],), (torch.ones(3),))
print(jacobian.tolist(), tangent.tolist())
