"""A triplet loss with a margin: easy triplets give loss and gradient zero, as they should."""

import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(6, 24), torch.nn.ReLU(), torch.nn.Linear(24, 4))
loss_of = torch.nn.TripletMarginLoss(margin=0.5)
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
centres = torch.randn(5, 6) * 2
for _ in range(40):
    kind = torch.randint(0, 5, (32,))
    other = (kind + torch.randint(1, 5, (32,))) % 5
    anchor, same, different = (
        net(centres[k] + 0.2 * torch.randn(32, 6)) for k in (kind, kind, other)
    )
    loss = loss_of(anchor, same, different)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
