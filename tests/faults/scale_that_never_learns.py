# expect: R48 line 13
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(120, 4)
y = x[:, :1] + 0.05 * torch.randn(120, 1)
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(15):
    optimizer.zero_grad()
    mean, raw = net(x).chunk(2, dim=1)
    spread = torch.clamp(raw, min=2.0, max=5.0).exp()
    loss = -torch.distributions.Normal(mean, spread).log_prob(y).mean()
    loss.backward()
    optimizer.step()
