# expect: R61 line 15
import torch
import torch.nn as nn
import torch.nn.functional as F


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 20)
        self.fc2 = nn.Linear(20, 4)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        return F.relu(self.fc2(x))


torch.manual_seed(0)
x = torch.randn(80, 8)
y = x[:, :4].argmax(1)
net = Classifier()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(20):
    loss = F.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
