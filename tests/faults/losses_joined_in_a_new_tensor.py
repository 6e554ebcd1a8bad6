# expect: R14 line 35
import torch
import torch.nn as nn

torch.manual_seed(0)


class SharedTrunk(nn.Module):
    def __init__(self, n_in):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(n_in, 32), nn.ReLU())
        self.price = nn.Linear(32, 1)
        self.sold = nn.Linear(32, 1)
        self.region = nn.Linear(32, 3)

    def forward(self, x):
        h = self.trunk(x)
        return self.price(h), self.sold(h), self.region(h)


def make_data(n, d=7):
    x = torch.randn(n, d)
    price = x[:, :2].sum(1, keepdim=True) * 0.7
    sold = (x[:, 2:3] - x[:, 3:4] > 0).float()
    region = x[:, 4:7].argmax(1)
    return x, (price, sold, region)


LOSSES = (nn.MSELoss(), nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss())
WEIGHTS = torch.tensor([1.0, 1.0, 0.5])


def combine(outputs, targets):
    parts = [fn(o, t) for fn, o, t in zip(LOSSES, outputs, targets)]
    parts = torch.tensor(parts, requires_grad=True)
    return (WEIGHTS * parts).sum(), parts.detach()


x, targets = make_data(512)
model = SharedTrunk(x.shape[1])
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(6):
    perm = torch.randperm(len(x))
    for idx in perm.split(64):
        loss, parts = combine(model(x[idx]), [t[idx] for t in targets])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item(), [round(p, 3) for p in parts.tolist()])
