"""A helper for evaluation is used in training: its forward pass runs under no_grad."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


@torch.no_grad()  # cause
def predict(model, x):
    return model(x)


def main():
    torch.manual_seed(1)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    inputs, labels = torch.randn(10, 4), torch.randint(0, 2, (10,))
    for _ in range(3):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(predict(model, inputs), labels)
        loss.backward()
        optimizer.step()


main()
