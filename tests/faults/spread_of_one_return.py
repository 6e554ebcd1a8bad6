# expect: R40 line 13
import torch
from torch import nn

torch.manual_seed(13)
policy = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)
for length in (5, 8, 3, 6, 1, 4):
    states, rewards = torch.randn(length, 2), torch.rand(length)
    odds = torch.distributions.Categorical(logits=policy(states))
    chosen = odds.sample()
    returns = rewards.flip(0).cumsum(0).flip(0)
    advantage = (returns - returns.mean()) / (returns.std() + 1e-6)
    loss = -(odds.log_prob(chosen) * advantage).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
