# expect: R03 line 12
import torch

torch.manual_seed(0)
ages = torch.rand(120, 1)
income = (ages * 10).floor() / 10 + 0.2
shift = torch.zeros(1, requires_grad=True)
scale = torch.tensor([4.0], requires_grad=True)
optimizer = torch.optim.Adam([shift, scale], lr=0.05)
for _ in range(15):
    optimizer.zero_grad()
    bins = torch.div(ages * scale, 1, rounding_mode="floor")
    loss = (bins / 10 + shift - income).pow(2).mean()
    loss.backward()
    optimizer.step()
