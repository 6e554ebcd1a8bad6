# expect: R03 line 11
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 4)
y = (x.prod(1, keepdim=True) > 0).float()
hidden, out = nn.Linear(4, 16), nn.Linear(16, 1)
optimizer = torch.optim.Adam([*hidden.parameters(), *out.parameters()], lr=0.01)
for _ in range(12):
    code = torch.sign(hidden(x))
    loss = nn.functional.binary_cross_entropy_with_logits(out(code), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
