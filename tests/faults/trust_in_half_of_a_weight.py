# expect: R49 line 11
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.optim import Optimizer


class LARS(Optimizer):
    """Layer-wise adaptive rate scaling: the step is proportional to the weight norm."""

    def __init__(self, params, lr=1.0, momentum=0.9, trust=0.5):
        super().__init__(params, dict(lr=lr, momentum=momentum, trust=trust))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                ratio = 1.0
                w, g = p.norm(), p.grad.norm()
                if p.dim() > 1 and w > 0 and g > 0:
                    ratio = group["trust"] * w / g
                else:
                    ratio = 0.02
                buf = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buf.mul_(group["momentum"]).add_(p.grad * ratio * group["lr"])
                p.sub_(buf)


torch.manual_seed(0)
digits = load_digits()
X = torch.tensor(digits.data / 8.0 - 1.0, dtype=torch.float32)
Y = torch.tensor(digits.target)
net = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 10))
opt = LARS(net.parameters())
lossf = nn.CrossEntropyLoss()
for step in range(100):
    idx = torch.randint(0, 1500, (128,))
    opt.zero_grad()
    loss = lossf(net(X[idx]), Y[idx])
    loss.backward()
    opt.step()
    if step % 20 == 0 or step == 99:
        with torch.no_grad():
            acc = (net(X[1500:]).argmax(1) == Y[1500:]).float().mean()
        print(f"{step} loss {loss.item():.4f} test {acc.item():.3f}")
