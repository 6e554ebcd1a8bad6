"""A network solves u' = -u: the derivative of the output by the input is in the loss."""

import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(1, 24), torch.nn.Tanh(), torch.nn.Linear(24, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
start = torch.zeros(1, 1)
for _ in range(40):
    t = torch.rand(64, 1).mul_(2).requires_grad_()
    u = net(t)
    (slope,) = torch.autograd.grad(u.sum(), t, create_graph=True)
    loss = (slope + u).pow(2).mean() + (net(start) - 1).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
