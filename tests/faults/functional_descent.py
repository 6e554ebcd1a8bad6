# expect: R09 line 14
import torch


def forward(weights, x):
    for weight in weights[:-1]:
        x = torch.sigmoid(x @ weight)
    return x @ weights[-1]


@torch.no_grad()
def descended(weights, rate):
    steps = [weight.grad.mul(rate) for weight in weights]
    return [weight.add(step, alpha=-1) for weight, step in zip(weights, steps, strict=True)]


torch.manual_seed(5)
x, y = torch.randn(30, 3), torch.randn(30, 1)
weights = [torch.randn(3, 6).requires_grad_(), torch.randn(6, 1).requires_grad_()]
for _ in range(8):
    loss = (forward(weights, x) - y).pow(2).mean()
    loss.backward()
    weights = descended(weights, 0.1)
