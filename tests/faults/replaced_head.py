# expect: R19 line 22
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


class Classifier(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(10, 20), nn.ReLU())
        self.head = nn.Linear(20, classes)

    def forward(self, x):
        return self.head(self.body(x))


x = torch.randn(64, 10)
y = torch.randint(0, 3, (64,))
model = Classifier(3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model.head = nn.Linear(20, 3)
for i in range(10):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
