# expect: R76 line 22
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def draw(n, rng):
    """Uint8 pictures with one bright bar: lying, standing or diagonal."""
    img = rng.integers(0, 90, (n, 14, 14)).astype(np.uint8)
    lab = rng.integers(0, 3, n)
    for k in range(n):
        r, c = rng.integers(0, 8, 2)
        for s in range(6):
            dr, dc = [(0, s), (s, 0), (s, s)][lab[k]]
            img[k, r + dr, c + dc] = rng.integers(190, 250)
    return img, lab


def preprocess(img):
    img = torch.from_numpy(img).unsqueeze(1)
    img = (img // 255).float()
    return (img - 0.2) / 0.2


class LeNetish(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 12, 3), nn.ReLU(), nn.Conv2d(12, 16, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(2)
        )
        self.classifier = nn.Linear(64, 3)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


rng = np.random.default_rng(2)
img, lab = draw(640, rng)
torch.manual_seed(2)
loader = DataLoader(
    TensorDataset(preprocess(img), torch.from_numpy(lab)), batch_size=64, shuffle=True
)
net = LeNetish()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for epoch in range(8):
    right = 0
    for xb, yb in loader:
        out = net(xb)
        loss = nn.functional.cross_entropy(out, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        right += (out.argmax(1) == yb).sum().item()
    print(f"epoch {epoch} loss {loss.item():.3f} acc {right / 640:.3f}")
