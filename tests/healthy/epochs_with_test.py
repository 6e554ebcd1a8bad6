"""The usual shape of a script: epochs, batches, a test in eval mode, the best weights kept."""

import copy

import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(160, 8)
y = (x[:, :2].sum(1) > 0).long()
train = DataLoader(TensorDataset(x[:128], y[:128]), batch_size=32, shuffle=True)
test = DataLoader(TensorDataset(x[128:], y[128:]), batch_size=32)
model = torch.nn.Sequential(
    torch.nn.Linear(8, 32), torch.nn.BatchNorm1d(32), torch.nn.ReLU(), torch.nn.Dropout(0.2),
    torch.nn.Linear(32, 2),
)  # fmt: skip
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 3)
best, kept = 0.0, None
for _ in range(5):
    model.train()
    running = 0.0
    for inputs, labels in train:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        running += loss.item()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        right = sum((model(a).argmax(1) == b).sum().item() for a, b in test)
    if right / 32 >= best:
        best, kept = right / 32, copy.deepcopy(model.state_dict())
model.load_state_dict(kept)
