# expect: R20 line 9
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = {f"layer{i}": nn.Linear(a, b) for i, (a, b) in enumerate(sizes)}

    def forward(self, x):
        for layer in self.layers.values():
            x = torch.relu(layer(x))
        return x


net = Net([(4, 8), (8, 1)])
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
