"""Several losses through one trunk: retained graphs and vector-valued roots."""

import torch
from torch import nn

torch.manual_seed(0)

trunk = nn.Sequential(nn.Linear(4, 8), nn.Tanh())
heads = nn.ModuleDict({"size": nn.Linear(8, 1), "kind": nn.Linear(8, 3)})
optimizer = torch.optim.Adam([*trunk.parameters(), *heads.parameters()], lr=0.02)

for step in range(6):
    x = torch.randn(10, 4)
    shared = trunk(x)
    size_loss = (heads["size"](shared) - x.norm(dim=1, keepdim=True)).square()
    kind_loss = nn.functional.cross_entropy(
        heads["kind"](shared), x[:, :3].argmax(1), reduction="none"
    )
    optimizer.zero_grad()
    size_loss.backward(gradient=torch.full_like(size_loss, 0.1), retain_graph=True)
    norm = trunk[0].weight.grad.norm().item()
    kind_loss.backward(torch.linspace(0, 0.2, 10), retain_graph=True)
    torch.autograd.backward(
        [size_loss.sum(), kind_loss.sum()], inputs=list(heads.parameters()), retain_graph=True
    )
    penalty = shared.square().mean()
    penalty.backward()
    optimizer.step()
    print(step, size_loss.mean().item(), kind_loss.mean().item(), penalty.item(), norm)
