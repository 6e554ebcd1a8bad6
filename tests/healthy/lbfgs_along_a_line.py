"""LBFGS goes many steps in one, and tries how far: large updates are its way."""

import torch

torch.manual_seed(0)
x = torch.randn(70, 5, dtype=torch.float64)
y = x[:, :1] + torch.randn(70, 1, dtype=torch.float64)
net = torch.nn.Sequential(torch.nn.Linear(5, 6), torch.nn.Tanh(), torch.nn.Linear(6, 1)).double()
optimizer = torch.optim.LBFGS(net.parameters(), max_iter=8, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    decay = 1e-2 * sum(weight.square().sum() for weight in net.parameters())
    loss = torch.nn.functional.mse_loss(net(x), y) + decay
    loss.backward()
    return loss


for _ in range(10):
    optimizer.step(closure)
