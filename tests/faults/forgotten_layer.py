# expect: R13 line 13
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 12)
        self.fc2 = nn.Linear(12, 12)
        self.fc3 = nn.Linear(12, 3)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        return self.fc3(x)


x = torch.randn(30, 6)
y = torch.randint(0, 3, (30,))
net = Net()
optimizer = torch.optim.Adam(net.parameters())
for i in range(8):
    loss = F.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
