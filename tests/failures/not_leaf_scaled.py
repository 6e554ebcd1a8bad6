"""A weight that is made small after it was told to learn."""

import torch


class Model:
    def __init__(self) -> None:
        raw = torch.randn(3, 1, requires_grad=True)
        self.weight = raw * 0.01  # cause
        self.bias = torch.zeros(1, requires_grad=True)

    def parameters(self) -> list[torch.Tensor]:
        return [self.weight, self.bias]


torch.manual_seed(0)
model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.randn(16, 3)
loss = (x @ model.weight + model.bias).square().mean()
loss.backward()
optimizer.step()
