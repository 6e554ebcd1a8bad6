# expect: R23 line 13
import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 30)
w = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.1)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
for _ in range(10):
    loss = (w * x - 3 * x).square().mean()
    optimizer.zero_grad()
    loss.backward()
    schedule.step()
    optimizer.step()
