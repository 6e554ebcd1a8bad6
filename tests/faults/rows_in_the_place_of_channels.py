# expect: R71 line 16
import torch
from torch import nn

torch.manual_seed(0)
photos = torch.rand(24, 12, 12, 3)  # as an image library reads them
bright = (photos.mean((1, 2, 3)) > 0.5).long()
net = nn.Sequential(
    nn.Conv2d(12, 6, kernel_size=(3, 1)),
    nn.GELU(),
    nn.Flatten(),
    nn.Linear(6 * 10 * 3, 2),
)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(8):
    loss = nn.functional.cross_entropy(net(photos), bright)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
