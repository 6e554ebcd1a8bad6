"""Two losses of one forward pass, with an update between them."""

import torch
from torch import nn

torch.manual_seed(0)
generator, critic = nn.Linear(2, 3), nn.Linear(3, 1)
update_generator = torch.optim.SGD(generator.parameters(), lr=0.1)
update_critic = torch.optim.SGD(critic.parameters(), lr=0.1)
for _ in range(3):
    fake = generator(torch.randn(4, 2))
    score = critic(fake)
    loss_critic = score.mean()
    loss_generator = -score.pow(2).mean()
    loss_critic.backward(retain_graph=True)
    update_critic.step()  # cause
    loss_generator.backward()
    update_generator.step()
