# expect: R37 line 16
import torch


class Perceptron(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)

    def forward(self, x):
        return torch.sigmoid(self.layer(x)).squeeze(1)


def bce(p, y):
    p = p.clamp(1e-6, 1 - 1e-6)
    return (y * p.log() + (1 - y) * (1 - p).log()).sum() / 10


torch.manual_seed(7)
x = torch.randn(10, 2)
y = (x[:, 0] > 0).float()
model = Perceptron()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for _ in range(10):
    optimizer.zero_grad()
    loss = bce(model(x), y)
    loss.backward()
    optimizer.step()
