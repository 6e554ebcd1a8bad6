# expect: R73 line 14
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(6, 24)
        self.two = nn.Linear(24, 2)

    def forward(self, x):
        return self.two(F.dropout(F.relu(self.one(x)), 0.4))


torch.manual_seed(0)
x = torch.randn(120, 6)
y = (x[:, 0] > 0).long()
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(10):
    net.train()
    loss = F.cross_entropy(net(x[:90]), y[:90])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    net.eval()
    with torch.no_grad():
        right = (net(x[90:]).argmax(1) == y[90:]).float().mean()
    print(epoch, right.item())
