# expect: R71 line 7
import torch
from torch import nn


def prepare(batch):
    return (batch.reshape(-1, 3, 10, 10) - 0.5) / 0.25


torch.manual_seed(0)
photos = torch.rand(24, 10, 10, 3)
y = (photos[..., 2].mean((1, 2)) > 0.5).long()
net = nn.Sequential(
    nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 2)
)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(3):
    for part in range(0, 24, 8):
        loss = nn.functional.cross_entropy(
            net(prepare(photos[part : part + 8])), y[part : part + 8]
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
