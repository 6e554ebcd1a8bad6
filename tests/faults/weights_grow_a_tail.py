# expect: R11 line 17
import torch
import torch.nn.functional as F
from torch.func import functional_call

torch.manual_seed(3)
x = torch.randn(36, 5)
y = (x[:, 2] > 0).long()
net = torch.nn.Linear(5, 2)
weights = {name: weight.clone().detach() for name, weight in net.named_parameters()}
for weight in weights.values():
    weight.requires_grad_(True)
for _ in range(12):
    loss = F.cross_entropy(functional_call(net, weights, (x,)), y)
    slopes = torch.autograd.grad(loss, list(weights.values()))
    weights = {
        name: weight.add(slope, alpha=-0.5)
        for (name, weight), slope in zip(weights.items(), slopes, strict=True)
    }
