"""The critic's loss goes through the generator, and the generator's loss again."""

import torch
from torch import nn

torch.manual_seed(0)
generator, critic = nn.Linear(3, 4), nn.Linear(4, 1)
update_generator = torch.optim.Adam(generator.parameters())
update_critic = torch.optim.Adam(critic.parameters())
criterion = nn.BCEWithLogitsLoss()
for _ in range(3):
    real, fake = torch.randn(8, 4), generator(torch.randn(8, 3))
    loss_critic = criterion(critic(real), torch.ones(8, 1))
    loss_critic = loss_critic + criterion(critic(fake), torch.zeros(8, 1))
    update_critic.zero_grad()
    loss_critic.backward()
    update_critic.step()
    loss_generator = criterion(critic(fake), torch.ones(8, 1))  # cause
    update_generator.zero_grad()
    loss_generator.backward()
    update_generator.step()
