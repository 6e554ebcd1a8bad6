"""The picture is trained, the network is not: frozen weights and one leaf of pixels."""

import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.Conv2d(8, 8, 3))
net.requires_grad_(False)
goal = net(torch.rand(1, 3, 16, 16))
picture = torch.rand(1, 3, 16, 16, requires_grad=True)
optimizer = torch.optim.Adam([picture], lr=0.02)
for _ in range(25):
    optimizer.zero_grad()
    loss = (net(picture) - goal).pow(2).mean()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        picture.clamp_(0, 1)
