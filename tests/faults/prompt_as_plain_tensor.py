# expect: R20 line 10
import torch
import torch.nn.functional as F
from torch import nn


class Prompted(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.prompt = (0.1 * torch.randn(width)).requires_grad_()
        self.read = nn.Linear(width, 3)

    def forward(self, x):
        return self.read(torch.tanh(x * self.prompt))


torch.manual_seed(3)
points = torch.randn(90, 6)
labels = points[:, :3].argmax(dim=1)
net = Prompted(6)
optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
for epoch in range(15):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(points), labels)
    loss.backward()
    optimizer.step()
print(loss.item())
