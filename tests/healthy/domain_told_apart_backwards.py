# Features that tell the classes apart and the domains not: the domain's gradient is turned round.
import torch
from torch import nn


class Turned(torch.autograd.Function):
    @staticmethod
    def forward(ctx, features, share):
        ctx.share = share
        return features.view_as(features)

    @staticmethod
    def backward(ctx, gradient):
        return -ctx.share * gradient, None


torch.manual_seed(5)
here = torch.randn(300, 5)
there = torch.randn(300, 5) + torch.tensor([0.0, 0.0, 1.0, 0.0, -1.0])
classes = (here[:, 0] > here[:, 1]).long()
features = nn.Sequential(nn.Linear(5, 24), nn.ReLU(), nn.Linear(24, 12), nn.ReLU())
classify, domain = nn.Linear(12, 2), nn.Sequential(nn.Linear(12, 12), nn.ReLU(), nn.Linear(12, 2))
modules = nn.ModuleList([features, classify, domain])
optimizer = torch.optim.Adam(modules.parameters(), lr=0.002)
origin = torch.cat([torch.zeros(40), torch.ones(40)]).long()
for step in range(120):
    chosen, other = torch.randint(0, 300, (40,)), torch.randint(0, 300, (40,))
    share = step / 400
    near, far = features(here[chosen]), features(there[other])
    told = torch.cat([domain(Turned.apply(near, share)), domain(Turned.apply(far, share))])
    loss = nn.functional.cross_entropy(classify(near), classes[chosen])
    loss = loss + nn.functional.cross_entropy(told, origin)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
