# expect: R43 line 20
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class Tower(nn.Module):
    def __init__(self, n, dim):
        super().__init__()
        self.emb = nn.Embedding(n, 32)
        self.proj = nn.Linear(32, dim)

    def forward(self, i):
        return F.normalize(self.proj(F.relu(self.emb(i))), dim=-1)


class TwoTower(nn.Module):
    def __init__(self, n_query, n_doc, dim=16, temperature=0.001):
        super().__init__()
        self.query = Tower(n_query, dim)
        self.doc = Tower(n_doc, dim)
        self.temperature = temperature
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, q, d):
        cos = (self.query(q) * self.doc(d)).sum(-1)
        return torch.sigmoid(cos / self.temperature + self.bias)


N_Q, N_D, TOPICS = 40, 60, 4


def sample(n=256):
    q = torch.randint(0, N_Q, (n,))
    d = torch.randint(0, N_D, (n,))
    match = torch.rand(n) < 0.4
    d = torch.where(match, d // TOPICS * TOPICS + q % TOPICS, d)
    return q, d, (q % TOPICS == d % TOPICS).float()


def train(model, steps=100):
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.BCELoss()
    for step in range(steps):
        q, d, y = sample()
        p = model(q, d)
        loss = loss_fn(p, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 20 == 0 or step == steps - 1:
            acc = ((p > 0.5).float() == y).float().mean()
            print(f"step {step} bce {loss.item():.4f} acc {acc:.3f}")


train(TwoTower(N_Q, N_D))
