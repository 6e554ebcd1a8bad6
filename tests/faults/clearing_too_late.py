# expect: R16 line 18
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

data = torch.randn(64, 6)
wanted = data.sum(1, keepdim=True)
net = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 1))
sgd = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)


def train_step(batch, answer):
    out = net(batch)
    error = F.smooth_l1_loss(out, answer)
    error.backward()
    net.zero_grad()
    sgd.step()
    return error.item()


for i in range(12):
    train_step(data, wanted)
