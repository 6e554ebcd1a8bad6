"""REINFORCE with a baseline on a small grid world."""

import random

import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
random.seed(0)


class Corridor:
    """Five cells; the goal is at the right end, a slip goes left."""

    def reset(self):
        self.cell = 2
        return self.cell

    def step(self, action):
        move = 1 if action == 1 else -1
        if random.random() < 0.1:
            move = -1
        self.cell = max(0, self.cell + move)
        done = self.cell in (0, 4)
        return self.cell, 1.0 if self.cell == 4 else -0.05, done


env = Corridor()
policy = nn.Sequential(nn.Embedding(5, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.05)

for episode in range(8):
    state, done = env.reset(), False
    log_probs, rewards, entropy = [], [], 0.0
    while not done and len(rewards) < 15:
        distribution = Categorical(logits=policy(torch.tensor(state)))
        action = distribution.sample()
        log_probs.append(distribution.log_prob(action))
        entropy = entropy + distribution.entropy()
        state, reward, done = env.step(action.item())
        rewards.append(reward)
    returns, total = [], 0.0
    for reward in reversed(rewards):
        total = reward + 0.95 * total
        returns.insert(0, total)
    returns = torch.tensor(returns)
    advantage = returns - returns.mean()
    loss = -(torch.stack(log_probs) * advantage).sum() - 0.01 * entropy
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(episode, len(rewards), sum(rewards), loss.item())
