"""One function trains a network with dropout, and then another that has none."""

import torch
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(96, 6)
y = (x[:, 0] > x[:, 1]).long()
teacher = torch.nn.Sequential(
    torch.nn.Linear(6, 32), torch.nn.Tanh(), torch.nn.Dropout(0.2), torch.nn.Linear(32, 2)
)
student = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))


def train(net, steps, loss_of):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    net.train()
    for _ in range(steps):
        loss = loss_of(net(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


train(teacher, 30, lambda scores: F.cross_entropy(scores, y))
teacher.eval().requires_grad_(False)
target = teacher(x).softmax(1)
train(student, 40, lambda scores: F.kl_div(scores.log_softmax(1), target, reduction="batchmean"))
