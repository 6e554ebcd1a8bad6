"""Every parameter was frozen, the new head too."""

import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(5, 5)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        return self.head(torch.relu(self.backbone(x)))


torch.manual_seed(0)
model = Classifier()
for parameter in model.parameters():
    parameter.requires_grad = False  # cause
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
inputs, labels = torch.randn(6, 5), torch.randint(0, 3, (6,))
loss = criterion(model(inputs), labels)
loss.backward()
optimizer.step()
