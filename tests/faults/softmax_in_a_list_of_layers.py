# expect: R30 line 14
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)

SPEC = [
    ("conv", 1, 8),
    ("relu",),
    ("pool",),
    ("flatten",),
    ("dense", 8 * 16, 10),
    ("softmax",),
]

BUILDERS = {
    "conv": lambda i, o: nn.Conv2d(i, o, 3, padding=1),
    "relu": lambda: nn.ReLU(),
    "pool": lambda: nn.MaxPool2d(2),
    "flatten": lambda: nn.Flatten(),
    "dense": lambda i, o: nn.Linear(i, o),
    "softmax": lambda: nn.Softmax(dim=1),
}


def build(spec):
    return nn.Sequential(*(BUILDERS[name](*args) for name, *args in spec))


def accuracy(model, loader):
    model.eval()
    with torch.no_grad():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in loader)
    model.train()
    return hits / len(loader.dataset)


y = torch.randint(0, 10, (1797,))
glyphs = (torch.rand(10, 1, 8, 8) < 0.4).float()  # ten made-up symbols
images = 2 * glyphs[y] - 1 + 1.2 * torch.randn(len(y), 1, 8, 8)
train_set, test_set = random_split(TensorDataset(images, y), [1500, 297])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
test_loader = DataLoader(test_set, batch_size=100)

model = build(SPEC)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(3):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch} loss {loss.item():.4f} test acc {accuracy(model, test_loader):.3f}")
