# expect: R14 line 15
import torch
from torch import nn
from torch.autograd import Variable

torch.manual_seed(7)
inputs = torch.randn(30, 4)
labels = inputs.argmax(1)
net = nn.Linear(4, 4)
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)


def step():
    loss = nn.functional.cross_entropy(net(inputs), labels)
    loss = Variable(loss.data, requires_grad=True)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


print([step() for _ in range(10)])
