# expect: R11 line 16
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(48, 6)
y = (x[:, 0] - x[:, 1] > 0).long()
loader = DataLoader(TensorDataset(x, y), batch_size=6)
net = nn.Linear(6, 2)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
epoch_loss = torch.zeros(())
for features, labels in loader:
    optimizer.zero_grad()
    epoch_loss = epoch_loss + criterion(net(features), labels)
    epoch_loss.backward(retain_graph=True)
    optimizer.step()
