"""Pixels that are dark in every image are no fault, and differ by rounding once standardised."""

import torch

torch.manual_seed(0)
images = torch.rand(100, 6, 6) * (torch.rand(100, 6, 6) > 0.5)
images[:, 0] = images[:, -1] = images[:, :, 0] = images[:, :, -1] = 0
y = (images[:, 2, 2] > images[:, 3, 3]).long()
x = images.flatten(1)
x = (x - x.mean()) / x.std()
net = torch.nn.Sequential(torch.nn.Linear(36, 16), torch.nn.Tanh(), torch.nn.Linear(16, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for _ in range(4):
    for part in torch.randperm(100).split(20):
        loss = torch.nn.functional.cross_entropy(net(x[part]), y[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
