# expect: R59 line 20
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)


class Tower(nn.Module):
    def __init__(self, d_in, width, depth, n_out):
        super().__init__()
        dims = [d_in] + [width] * depth
        self.body = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.head = nn.Linear(width, n_out)
        self.apply(self._setup)

    @staticmethod
    def _setup(m):
        if isinstance(m, nn.Linear):
            nn.init.xavier_normal_(m.weight)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        for layer in self.body:
            x = F.relu(layer(x))
        return self.head(x)


def make_data(n=512, d=12):
    x = torch.randn(n, d)
    y = torch.tanh(x[:, :1] * 1.5) + 0.5 * torch.abs(x[:, 1:2]) - 0.4
    return x, y


x, y = make_data()
net = Tower(12, 64, 18, 1)
opt = torch.optim.SGD(net.parameters(), lr=3e-3, momentum=0.9)
for epoch in range(12):
    order = torch.randperm(len(x))
    running = 0.0
    for idx in order.split(64):
        opt.zero_grad()
        loss = F.mse_loss(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
        running += loss.item() * len(idx)
    print(f"epoch {epoch} mse {running / len(x):.4f}")
