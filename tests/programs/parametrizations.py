"""Weight norm, spectral norm, an orthogonal layer and a parametrisation of one's own."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import orthogonal, spectral_norm, weight_norm
from torch.nn.utils.parametrize import register_parametrization

torch.manual_seed(0)


class Symmetric(nn.Module):
    def forward(self, w):
        return w.triu() + w.triu(1).transpose(-1, -2)


model = nn.Sequential(
    weight_norm(nn.Linear(4, 6)),
    nn.Tanh(),
    orthogonal(nn.Linear(6, 6, bias=False)),
    spectral_norm(nn.Linear(6, 6)),
    nn.Tanh(),
    nn.Linear(6, 6),
    nn.Linear(6, 1),
)
register_parametrization(model[5], "weight", Symmetric())
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

for step in range(5):
    x = torch.randn(8, 4)
    loss = nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), torch.equal(model[5].weight, model[5].weight.T))
