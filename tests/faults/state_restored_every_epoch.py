# expect: R51 line 24
import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


class EarlyStopping:
    def __init__(self, model, patience=50):
        self.model, self.patience = model, patience
        self.best = float("-inf")
        self.state = copy.deepcopy(model.state_dict())
        self.bad = 0

    def update(self, val_loss):
        if val_loss < self.best:
            self.best, self.bad = val_loss, 0
            self.state = copy.deepcopy(self.model.state_dict())
        else:
            self.bad += 1
            self.model.load_state_dict(self.state)
        return self.bad >= self.patience


def toy_energy(n):
    x = torch.randn(n, 6)
    y = (x[:, 0] * x[:, 1] + torch.sin(2 * x[:, 2]) + 0.5 * x[:, 3]).unsqueeze(1)
    return x, y + 0.05 * torch.randn_like(y)


xtr, ytr = toy_energy(512)
xva, yva = toy_energy(256)
loader = DataLoader(TensorDataset(xtr, ytr), batch_size=128, shuffle=True)
model = nn.Sequential(nn.Linear(6, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.05)
stopper = EarlyStopping(model)
criterion = nn.MSELoss()

for epoch in range(25):
    model.train()
    for xb, yb in loader:
        opt.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        val = criterion(model(xva), yva).item()
    if epoch % 5 == 0:
        print(f"epoch {epoch} train {loss.item():.4f} val {val:.4f}")
    if stopper.update(val):
        break
