# expect: R72 line 10
import math

import torch


class Perceptron(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)

    def forward(self, x):
        return torch.sigmoid(self.layer(x))


angle = torch.arange(40) * (2 * math.pi / 20)
radius = torch.tensor([0.5] * 20 + [1.5] * 20)
points = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
inside = (radius < 1).float().unsqueeze(1)
torch.manual_seed(0)
model = Perceptron()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
for _ in range(150):
    loss = torch.nn.functional.binary_cross_entropy(model(points), inside)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
