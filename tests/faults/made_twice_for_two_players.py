# expect: R04 line 13
import torch
from torch import nn

torch.manual_seed(0)
maker, critic = nn.Linear(2, 3), nn.Linear(3, 1)
optimizers = [torch.optim.Adam(player.parameters(), lr=0.01) for player in (critic, maker)]
score = nn.functional.softplus
for _ in range(5):
    real = torch.randn(20, 3) + 2
    made = maker(torch.randn(20, 2))
    optimizers[0].zero_grad()
    (score(-critic(real)).mean() + score(critic(made)).mean()).backward()
    optimizers[0].step()
    optimizers[1].zero_grad()
    score(-critic(made)).mean().backward()
    optimizers[1].step()
