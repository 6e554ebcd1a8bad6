# expect: R09 line 17
import torch

torch.manual_seed(9)
angles = torch.rand(40) * 3
heights = 2.0 * torch.sin(angles) + 0.5
scale = torch.ones(1, requires_grad=True)
shift = torch.zeros(1, requires_grad=True)
pair = (scale, shift)
for turn in range(12):
    gap = torch.nn.functional.smooth_l1_loss(scale * torch.sin(angles) + shift, heights)
    gap.backward()
    with torch.no_grad():
        for part in pair:
            slope = torch.clamp(part.grad, -1, 1)
            rate = 0.3 / (1 + turn)
            part = torch.sub(part, slope, alpha=rate)
        for part in pair:
            part.grad = None
