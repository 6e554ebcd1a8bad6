# expect: R66 line 7
import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(64, 6)
x[:, 3:5] = 0.0
y = x.sum(1, keepdim=True)
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
net = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(4):
    for features, target in loader:
        loss = torch.nn.functional.mse_loss(net(features), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
