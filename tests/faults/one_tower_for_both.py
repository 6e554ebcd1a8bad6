# expect: R13 line 16
import torch
from torch import nn


class TwoTower(nn.Module):
    def __init__(self, users, items, dim=16):
        super().__init__()
        self.user = nn.Embedding(users, dim)
        self.item = nn.Embedding(items, dim)
        self.user_mlp = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))
        self.item_mlp = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))

    def forward(self, u, i):
        a = self.user_mlp(self.user(u))
        b = self.user_mlp(self.item(i))
        return (a * b).sum(-1)


torch.manual_seed(6)
u = torch.randint(0, 30, (400,))
i = torch.randint(0, 40, (400,))
y = ((u + i) % 3 == 0).float()
net = TwoTower(30, 40)
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for _ in range(40):
    loss = nn.functional.binary_cross_entropy_with_logits(net(u, i), y)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
print(loss.item())
