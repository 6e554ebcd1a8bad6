# expect: R67 line 32
import torch
import torch.nn as nn
import torch.nn.functional as F


def scenes(n, size=24):
    img = 0.5 * torch.randn(n, 1, size, size)
    mask = torch.zeros(n, size, size, dtype=torch.long)
    for i in range(n):
        r, c = torch.randint(2, size - 5, (2,)).tolist()
        mask[i, r : r + 2, c : c + 2] = 1
        img[i, 0, r : r + 2, c : c + 2] += 0.9
    return img, mask


class MiniUNet(nn.Module):
    def __init__(self, ch=8):
        super().__init__()
        self.d1 = nn.Conv2d(1, ch, 3, padding=1)
        self.d2 = nn.Conv2d(ch, 2 * ch, 3, padding=1, stride=2)
        self.up = nn.ConvTranspose2d(2 * ch, ch, 2, stride=2)
        self.head = nn.Conv2d(2 * ch, 2, 1)

    def forward(self, x):
        a = F.relu(self.d1(x))
        b = F.relu(self.d2(a))
        return self.head(torch.cat([a, F.relu(self.up(b))], 1))


def pixel_loss(logits, mask):
    return F.cross_entropy(logits, mask)


def scores(logits, mask):
    pred = logits.argmax(1)
    inter = ((pred == 1) & (mask == 1)).sum().item()
    union = ((pred == 1) | (mask == 1)).sum().item()
    recall = inter / (mask == 1).sum().item()
    return (pred == mask).float().mean().item(), inter / max(union, 1), recall


torch.manual_seed(6)
xtr, mtr = scenes(320)
xva, mva = scenes(64)
net = MiniUNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(6):
    net.train()
    for idx in torch.randperm(len(xtr)).split(32):
        loss = pixel_loss(net(xtr[idx]), mtr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        acc, iou, rec = scores(net(xva), mva)
    print(
        f"epoch {epoch} loss {loss.item():.4f} pixel acc {acc:.4f} IoU {iou:.3f} recall {rec:.3f}"
    )
