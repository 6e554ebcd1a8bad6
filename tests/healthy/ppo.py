"""Several epochs over one batch of actions: old probabilities without graph, the ratio clipped."""

import torch

torch.manual_seed(0)
policy = torch.nn.Sequential(torch.nn.Linear(3, 24), torch.nn.Tanh(), torch.nn.Linear(24, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
for _ in range(5):
    states = torch.randn(48, 3)
    with torch.no_grad():
        old = torch.distributions.Categorical(logits=policy(states))
        actions = old.sample()
        before = old.log_prob(actions)
    reward = torch.where(actions == (states[:, 0] > 0), 1.0, -1.0)
    for _ in range(4):
        now = torch.distributions.Categorical(logits=policy(states)).log_prob(actions)
        ratio = (now - before).exp()
        loss = -torch.min(ratio * reward, ratio.clamp(0.8, 1.2) * reward).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
