# expect: R31 line 12
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)

CFG = {
    "in_channels": 1,
    "classes": 1,
    "width": 8,
    "activation": "sigmoid",
    "lr": 3e-3,
    "steps": 60,
}


def get_activation(name):
    return {None: nn.Identity(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh()}[name]


class TinyUNet(nn.Module):
    def __init__(self, in_channels, classes, width, activation=None):
        super().__init__()
        self.enc1 = nn.Sequential(nn.Conv2d(in_channels, width, 3, padding=1), nn.ReLU())
        self.enc2 = nn.Sequential(nn.Conv2d(width, width * 2, 3, padding=1, stride=2), nn.ReLU())
        self.up = nn.ConvTranspose2d(width * 2, width, 2, stride=2)
        self.head = nn.Conv2d(width * 2, classes, 1)
        self.activation = get_activation(activation)

    def forward(self, x):
        a = self.enc1(x)
        b = self.up(self.enc2(a))
        return self.activation(self.head(torch.cat([a, b], 1)))


def make_batch(n=8, size=24):
    yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    cx = torch.randint(6, 18, (n, 1, 1))
    cy = torch.randint(6, 18, (n, 1, 1))
    mask = (((xx - cx) ** 2 + (yy - cy) ** 2) < 25).float()
    img = mask * 0.8 + 0.3 * torch.randn(n, size, size)
    return img[:, None], mask[:, None]


def train(cfg):
    net = TinyUNet(cfg["in_channels"], cfg["classes"], cfg["width"], cfg["activation"])
    opt = torch.optim.AdamW(net.parameters(), lr=cfg["lr"])
    for step in range(cfg["steps"]):
        img, mask = make_batch()
        out = net(img)
        loss = F.binary_cross_entropy_with_logits(out, mask)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        if step % 10 == 0 or step == cfg["steps"] - 1:
            print(step, round(loss.item(), 4))
    return net


if __name__ == "__main__":
    train(CFG)
