# expect: R25 line 24
import torch
from torch import nn


class Adaptive(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                kept = self.state[p]
                if not kept:
                    kept["square"] = torch.zeros_like(p)
                kept["square"].mul_(0.9).addcmul_(p.grad, p.grad, value=0.1)
                p.addcdiv_(p.grad, kept["square"].sqrt() + 1e-8, value=group["lr"])


torch.manual_seed(0)
x = torch.randn(60, 3)
net = nn.Linear(3, 1)
optimizer = Adaptive(net.parameters(), lr=0.01)
for _ in range(20):
    loss = (net(x) - x[:, :1]).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
