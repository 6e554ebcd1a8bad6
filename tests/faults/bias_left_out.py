# expect: R21 line 20
import torch
import torch.nn.functional as F

torch.manual_seed(1)


class Perceptron:
    def __init__(self):
        self.weights = torch.randn(2, 1, requires_grad=True)
        self.bias = torch.zeros(1, requires_grad=True)

    def forward(self, x):
        return torch.sigmoid(x @ self.weights + self.bias)


X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[1.0], [1.0], [1.0], [0.0]])
model = Perceptron()
optimizer = torch.optim.SGD([model.weights], lr=0.5)
for i in range(30):
    loss = F.binary_cross_entropy(model.forward(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
