# expect: R74 line 12
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 3, bias=False)
        self.norm = nn.BatchNorm1d(4)
        self.out = nn.Linear(4 * 8, 1)
        self.eval()
        with torch.no_grad():
            self.width = self(torch.zeros(1, 2, 10)).shape[1]

    def forward(self, x):
        return self.out(self.norm(self.conv(x)).relu().flatten(1))


torch.manual_seed(0)
net = Net()
x = torch.randn(32, 2, 10)
y = x[:, 0].amax(1, keepdim=True)
optimizer = torch.optim.SGD(net.parameters(), lr=0.02)
for _ in range(15):
    loss = nn.functional.smooth_l1_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
