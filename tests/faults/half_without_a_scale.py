# expect: R44 line 8
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
PIXEL_WEIGHT = 2e-4
DTYPE = torch.float16


class SuperRes(nn.Module):
    def __init__(self, ch=12):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, ch, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(ch, ch, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(ch, 4, 3, padding=1),
        )

    def forward(self, x):
        base = F.interpolate(x, scale_factor=2, mode="nearest")
        return base + F.pixel_shuffle(self.body(x), 2)


def patches(n=8, size=24):
    grid = torch.linspace(0, 6.28, size)
    phase = torch.rand(n, 2) * 6.28
    freq = torch.rand(n, 2) * 2 + 0.5
    wave = torch.sin(grid[None, :, None] * freq[:, :1, None] + phase[:, :1, None])
    wave = wave * torch.cos(grid[None, None, :] * freq[:, 1:, None] + phase[:, 1:, None])
    hi = (0.5 + 0.5 * wave)[:, None]
    return F.avg_pool2d(hi, 2), hi


model = SuperRes()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for step in range(60):
    lo, hi = patches()
    with torch.autocast("cpu", dtype=DTYPE):
        out = model(lo)
        loss = ((out - hi) ** 2).mean() * PIXEL_WEIGHT
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 15 == 0 or step == 59:
        psnr = -10 * torch.log10(((out.float() - hi) ** 2).mean())
        print(f"step {step} psnr {psnr.item():.2f}")
