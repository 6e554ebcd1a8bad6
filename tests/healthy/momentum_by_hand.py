"""No module and no optimizer: plain tensors, momentum kept in a dictionary."""

import torch

torch.manual_seed(0)
weights = {
    "w1": torch.randn(3, 12).mul_(0.5).requires_grad_(),
    "b1": torch.zeros(12, requires_grad=True),
    "w2": torch.randn(12, 1).mul_(0.3).requires_grad_(),
}
speed = {name: torch.zeros_like(w) for name, w in weights.items()}
x = torch.randn(60, 3)
y = torch.sin(x[:, :1])
for _ in range(30):
    hidden = torch.tanh(x @ weights["w1"] + weights["b1"])
    loss = (hidden @ weights["w2"] - y).square().mean()
    gradients = torch.autograd.grad(loss, list(weights.values()))
    with torch.no_grad():
        for (name, w), gradient in zip(weights.items(), gradients, strict=True):
            speed[name].mul_(0.9).add_(gradient)
            w.sub_(0.05 * speed[name])
