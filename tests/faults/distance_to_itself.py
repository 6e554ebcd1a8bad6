# expect: R42 line 9
import torch

torch.manual_seed(0)
points = torch.randn(6, 2, requires_grad=True)
optimizer = torch.optim.Adam([points], lr=0.01)
for _ in range(6):
    difference = points.unsqueeze(0) - points.unsqueeze(1)
    distances = (difference**2).sum(2).sqrt()
    loss = (distances - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
