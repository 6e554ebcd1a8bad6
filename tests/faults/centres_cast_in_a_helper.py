# expect: R10 line 9
import torch

torch.manual_seed(6)
points = torch.randn(90, 2, dtype=torch.float64)


def centre():
    return torch.randn(2, requires_grad=True).to(torch.float64)


def descend(tensors, rate=0.2):
    for tensor in tensors:
        if tensor.grad is not None:
            tensor.data.sub_(rate * tensor.grad)
            tensor.grad = None


centres = [centre() for _ in range(3)]
for _ in range(20):
    distances = torch.stack([(points - each).abs().sum(1) for each in centres], dim=1)
    distances.min(dim=1).values.mean().backward()
    descend(centres)
