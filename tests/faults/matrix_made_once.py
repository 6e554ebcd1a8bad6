# expect: R04 line 28
import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)

X = torch.linspace(0, 5, 30).unsqueeze(1)
y = torch.sin(2 * X[:, 0]) + 0.1 * torch.randn(30)

log_len = torch.tensor(0.5, requires_grad=True)
log_amp = torch.tensor(0.0, requires_grad=True)
log_noise = torch.tensor(-1.0, requires_grad=True)
opt = torch.optim.Adam([log_len, log_amp, log_noise], lr=0.05)


def rbf(a, b):
    d2 = (a - b.T).pow(2)
    return log_amp.exp() * torch.exp(-0.5 * d2 / log_len.exp() ** 2)


def neg_log_marginal(K, y):
    Ky = K + (log_noise.exp() ** 2 + 1e-6) * torch.eye(len(y))
    L = torch.linalg.cholesky(Ky)
    alpha = torch.cholesky_solve(y.unsqueeze(1), L)
    return 0.5 * (y @ alpha[:, 0]) + L.diagonal().log().sum()


gram = rbf(X, X)
losses = []
for i in range(60):
    opt.zero_grad()
    nll = neg_log_marginal(gram, y)
    nll.backward()
    opt.step()
    losses.append(nll.item())
    if i % 15 == 0:
        print(i, losses[-1], log_len.exp().item(), log_noise.exp().item())
print("final", losses[-1])
