# expect: R25 line 17
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
x = (torch.rand(80, 12) > 0.5).float()
code, decode = nn.Linear(12, 6), nn.Linear(3, 12)
optimizer = torch.optim.Adam([*code.parameters(), *decode.parameters()], lr=0.01)
for _ in range(20):
    mean, logvar = code(x).chunk(2, dim=1)
    z = mean + torch.randn_like(mean) * (0.5 * logvar).exp()
    likely = -F.binary_cross_entropy_with_logits(decode(z), x, reduction="none").sum(1)
    apart = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).sum(1)
    bound = (likely - apart).mean()
    optimizer.zero_grad()
    bound.backward()
    optimizer.step()
