"""A perceptron that learns OR: raw tensors, a plain class and an update by hand."""

import torch

torch.manual_seed(0)


class Perceptron:
    def __init__(self, inputs):
        self.w = torch.randn(inputs, requires_grad=True)
        self.b = torch.zeros(1, requires_grad=True)

    def __call__(self, x):
        return torch.sigmoid(x @ self.w + self.b)


X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([0.0, 1.0, 1.0, 1.0])
gate = Perceptron(2)
lr = 0.5

for epoch in range(30):
    p = gate(X)
    loss = -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()
    loss.backward()
    with torch.no_grad():
        gate.w -= lr * gate.w.grad
        gate.b -= lr * gate.b.grad
    gate.w.grad.zero_()
    gate.b.grad.zero_()
    print(epoch, loss.item())

print([round(v) for v in gate(X).tolist()])
