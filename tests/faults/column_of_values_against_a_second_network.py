# expect: R29 line 17
import copy

import torch
from torch import nn

torch.manual_seed(6)
net = nn.Sequential(nn.Linear(3, 20), nn.ReLU(), nn.Linear(20, 4))
slow = copy.deepcopy(net)
optimizer = torch.optim.Adam(net.parameters(), lr=0.002)
for step in range(20):
    state, after, reward = torch.randn(16, 3), torch.randn(16, 3), torch.rand(16)
    action = torch.randint(0, 4, (16, 1))
    with torch.no_grad():
        wanted = reward + 0.9 * slow(after).max(1).values
    value = net(state).gather(1, action)
    loss = (value - wanted).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 5 == 0:
        slow.load_state_dict(net.state_dict())
