# expect: R29 line 27
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(0)


class Houses(Dataset):
    def __init__(self):
        self.x = torch.randn(90, 5)
        self.y = self.x @ torch.arange(5.0)

    def __len__(self):
        return 90

    def __getitem__(self, i):
        return self.x[i], self.y[i]


model = nn.Sequential(nn.Linear(5, 10), nn.ReLU(), nn.Linear(10, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
crit = nn.L1Loss()
for epoch in range(3):
    for xb, yb in DataLoader(Houses(), batch_size=15):
        pred = model(xb)
        loss = crit(pred, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
