# expect: R25 line 16
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(17)
chances = torch.tensor([0.1, 0.8, 0.3])
preferences = nn.Parameter(torch.zeros(3))
optimizer = torch.optim.SGD([preferences], lr=0.2)
for pull in range(20):
    arms = Categorical(logits=preferences)
    arm = arms.sample((32,))
    reward = torch.bernoulli(chances[arm])
    reward = reward - reward.mean()
    optimizer.zero_grad()
    loss = (reward * arms.log_prob(arm)).sum()
    loss.backward()
    optimizer.step()
