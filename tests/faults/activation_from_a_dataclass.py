# expect: R35 line 14
from dataclasses import dataclass, field

import torch
import torch.nn as nn


@dataclass
class Config:
    hidden: list = field(default_factory=lambda: [32, 32])
    lr: float = 5e-3
    batch_size: int = 64
    epochs: int = 8
    out_activation: str = "Sigmoid"


def build(cfg, n_in, n_out):
    layers, width = [], n_in
    for h in cfg.hidden:
        layers += [nn.Linear(width, h), nn.ReLU()]
        width = h
    layers += [nn.Linear(width, n_out), getattr(nn, cfg.out_activation)()]
    return nn.Sequential(*layers)


class Trainer:
    def __init__(self, model, cfg):
        self.model, self.cfg = model, cfg
        self.opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
        self.loss_fn = nn.SmoothL1Loss()

    def fit(self, x, y):
        for epoch in range(self.cfg.epochs):
            order = torch.randperm(len(x))
            losses = []
            for idx in order.split(self.cfg.batch_size):
                pred = self.model(x[idx])
                loss = self.loss_fn(pred, y[idx])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                losses.append(loss.item())
            print(f"epoch {epoch} train smooth-l1 {sum(losses) / len(losses):.4f}")


def house_data(n=800):
    area = torch.rand(n) * 2 - 1
    rooms = torch.randint(1, 6, (n,)).float()
    age = torch.rand(n) * 2 - 1
    price = 6.0 + 2.0 * area + 0.4 * rooms - 1.2 * age**2 + 0.1 * torch.randn(n)
    x = torch.stack([area, (rooms - 3) / 1.5, age], 1)
    return x, price.unsqueeze(1)


torch.manual_seed(0)
cfg = Config()
x, y = house_data()
Trainer(build(cfg, 3, 1), cfg).fit(x, y)
