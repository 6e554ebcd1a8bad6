# expect: R02 line 15
import torch
import torch.nn as nn

torch.manual_seed(2)
goods = torch.randn(12, 3)
paid = goods @ torch.tensor([2.0, 0.5, -1.0]) + 4.0
quality = nn.Linear(3, 1)
markup = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 1))
weights = [*quality.parameters(), *markup.parameters()]
optimizer = torch.optim.SGD(weights, lr=0.02)
for season in range(15):
    markups = []
    for good in goods:
        markups.append(markup(good).item())
    price = quality(goods).squeeze(1) + torch.tensor(markups)
    loss = nn.functional.mse_loss(price, paid)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
