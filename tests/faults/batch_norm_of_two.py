# expect: R83 line 9
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(40, 6)
y = (x.sum(1) > 0).long()
loader = DataLoader(TensorDataset(x, y), batch_size=2, shuffle=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 12, bias=False)
        self.bn = nn.BatchNorm1d(12)
        self.head = nn.Linear(12, 2)

    def forward(self, x):
        return self.head(torch.relu(self.bn(self.fc(x))))


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for features, labels in loader:
    loss = nn.functional.cross_entropy(net(features), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
