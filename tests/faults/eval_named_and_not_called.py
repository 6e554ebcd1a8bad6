# expect: R73 line 39
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class Regressor(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(d, 64),
            nn.ReLU(),
            nn.Dropout(0.4),
            nn.Linear(64, 64),
            nn.ReLU(),
            nn.Dropout(0.4),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        return self.net(x)[:, 0]


class Engine:
    def __init__(self, model, optimizer, criterion):
        self.model = model
        self.optimizer = optimizer
        self.criterion = criterion

    def train_epoch(self, loader):
        self.model.train()
        for x, y in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()

    def validate(self, loader):
        self.model.eval
        total, n = 0.0, 0
        with torch.no_grad():
            for x, y in loader:
                total += self.criterion(self.model(x), y).item() * len(y)
                n += len(y)
        return total / n


torch.manual_seed(3)
x = torch.randn(900, 6)
y = x[:, 0] * 1.2 - x[:, 1] + torch.relu(x[:, 2])
train_ds, val_ds = random_split(TensorDataset(x, y), [720, 180])
train_dl = DataLoader(train_ds, 72, shuffle=True)
val_dl = DataLoader(val_ds, 180)
model = Regressor(6)
engine = Engine(model, torch.optim.Adam(model.parameters(), lr=4e-3), nn.MSELoss())
for epoch in range(10):
    engine.train_epoch(train_dl)
    print(f"epoch {epoch} val mse {engine.validate(val_dl):.4f}")
