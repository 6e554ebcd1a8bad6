# expect: R17 line 21
import torch
from torch import nn
from torch.optim import NAdam


class Loop:
    def __init__(self, net):
        self.net = net
        self.opt = NAdam(net.parameters(), lr=0.01)
        self.log = []

    def once(self, x, y):
        self.opt.zero_grad()
        loss = nn.functional.mse_loss(self.net(x), y)
        loss.backward()
        self.log.append(loss.item())
        if loss.isfinite():
            return loss.item()
        print("not finite")
        return self.opt.step()


torch.manual_seed(4)
x = torch.rand(30, 2)
loop = Loop(nn.Sequential(nn.Linear(2, 6), nn.ReLU(), nn.Linear(6, 1)))
for _ in range(10):
    loop.once(x, x.amax(dim=1, keepdim=True))
