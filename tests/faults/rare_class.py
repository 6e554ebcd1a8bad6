# expect: R67 line 11
import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(600, 5)
y = (x[:, 0] > 1.8).float()
loader = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True)
net = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
criterion = torch.nn.BCEWithLogitsLoss()
for features, labels in loader:
    loss = criterion(net(features).squeeze(1), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
