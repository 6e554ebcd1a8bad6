# expect: R13 line 15
import torch
from torch import nn

torch.manual_seed(9)
x = torch.randn(50, 6)
kind, amount = (x[:, 0] > 0).long(), x[:, 1] * x[:, 2]
body, first, second = nn.Linear(6, 16), nn.Linear(16, 2), nn.Linear(16, 1)
model = nn.ModuleList([body, first, second])
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(15):
    hidden = torch.tanh(body(x))
    by_kind = nn.functional.cross_entropy(first(hidden), kind)
    by_amount = nn.functional.mse_loss(second(hidden).squeeze(1), amount)
    loss = by_kind + 0.3 * by_kind
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item(), by_amount.item())
