"""A policy and a value head on one body: the advantage is detached, the entropy is maximised."""

import torch

torch.manual_seed(0)
body = torch.nn.Sequential(torch.nn.Linear(4, 32), torch.nn.Tanh())
actor, critic = torch.nn.Linear(32, 3), torch.nn.Linear(32, 1)
weights = [*body.parameters(), *actor.parameters(), *critic.parameters()]
optimizer = torch.optim.Adam(weights, lr=3e-3)
for _ in range(25):
    state = torch.randn(32, 4)
    hidden = body(state)
    policy = torch.distributions.Categorical(logits=actor(hidden))
    value = critic(hidden).squeeze(-1)
    action = policy.sample()
    reward = (action == state[:, :3].argmax(1)).float()
    advantage = (reward - value).detach()
    loss = -(policy.log_prob(action) * advantage).mean()
    loss = loss + 0.5 * (reward - value).pow(2).mean() - 0.01 * policy.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(weights, 0.5)
    optimizer.step()
    print(f"{reward.mean().item():.2f}")
