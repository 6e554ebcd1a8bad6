# expect: R09 line 35
import torch
import torch.nn as nn

torch.manual_seed(0)

# sparse codes over a hidden dictionary
true_dict = nn.functional.normalize(torch.randn(20, 12), dim=0)


def draw(n):
    codes = torch.randn(n, 12) * (torch.rand(n, 12) < 0.2)
    return codes @ true_dict.T + 0.01 * torch.randn(n, 20)


encoder = nn.Sequential(nn.Linear(20, 48), nn.ReLU(), nn.Linear(48, 12))
atoms = nn.functional.normalize(torch.randn(20, 12), dim=0).requires_grad_()
opt = torch.optim.Adam(
    [
        {"params": encoder.parameters(), "lr": 3e-3},
        {"params": [atoms], "lr": 1e-2},
    ]
)

for step in range(120):
    x = draw(128)
    z = encoder(x)
    rec = z @ atoms.T
    loss = (rec - x).pow(2).sum(1).mean() + 0.02 * z.abs().sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    # keep unit-norm atoms
    with torch.no_grad():
        atoms = atoms / atoms.norm(dim=0, keepdim=True)
    if step % 20 == 19:
        match = (true_dict.T @ atoms.detach()).abs().max(1).values.mean()
        print(f"{step} loss {loss.item():.4f} match {match.item():.3f}")
