import torch
import torch.nn as nn


class Perceptron:
    def __init__(self):
        self.weights = torch.randn(2, 1, requires_grad=True)
        self.bias = torch.zeros(1, requires_grad=True)

    def forward(self, x):
        return torch.sigmoid(torch.matmul(x, self.weights) + self.bias)


torch.manual_seed(42)

# the OR gate: every input, and what should come out
X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])

model = Perceptron()
criterion = nn.BCELoss()
optimizer = torch.optim.SGD([model.weights, model.bias], lr=0.1)

for epoch in range(1000):
    output = model.forward(X)
    loss = criterion(output, y)

    loss.backward()
    optimizer.step()

    if (epoch + 1) % 100 == 0:
        print(f"Epoch {epoch + 1}, Loss: {loss.item():.4f}")

with torch.no_grad():
    output = model.forward(X)
    predictions = (output > 0.5).float()
    accuracy = (predictions == y).float().mean()

print(f"Predictions: {predictions.flatten().tolist()}")
print(f"Accuracy: {accuracy.item() * 100:.0f} %")
