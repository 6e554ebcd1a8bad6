# expect: R76 line 9
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR


def linear_to_zero(optimizer, total):
    def factor(step):
        return max(0, (total - step) // total)

    return LambdaLR(optimizer, factor)


class QuantileNet(nn.Module):
    def __init__(self, taus=(0.1, 0.5, 0.9)):
        super().__init__()
        self.register_buffer("taus", torch.tensor(taus))
        self.net = nn.Sequential(nn.Linear(3, 40), nn.ReLU(), nn.Linear(40, len(taus)))

    def forward(self, x):
        return self.net(x)

    def loss(self, x, y):
        err = y.unsqueeze(1) - self(x)
        return torch.maximum(self.taus * err, (self.taus - 1) * err).mean()


def main(total=110, batch=64):
    torch.manual_seed(6)
    net = QuantileNet()
    opt = torch.optim.AdamW(net.parameters(), lr=8e-3, weight_decay=1e-4)
    sched = linear_to_zero(opt, total)
    for step in range(total):
        x = torch.randn(batch, 3)
        y = 1.5 * x[:, 0] - x[:, 1] + 0.3 * torch.randn(batch) * (1 + x[:, 2].abs())
        loss = net.loss(x, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if step % 10 == 9:
            print(f"step {step + 1:3d} pinball {loss.item():.4f}")


if __name__ == "__main__":
    main()
