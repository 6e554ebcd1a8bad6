# expect: R68 line 8
import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
y = torch.arange(4).repeat_interleave(32)
x = torch.randn(128, 6) + torch.eye(6)[y]
loader = DataLoader(TensorDataset(x, y), batch_size=8)
net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.ReLU(), torch.nn.Linear(16, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
for _ in range(2):
    for features, labels in loader:
        loss = torch.nn.functional.cross_entropy(net(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
