"""SAM: climb to the worst point nearby, take the gradient there, step from where one was."""

import torch

torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
x = torch.randn(64, 4)
y = (x[:, :1] > 0).float()
for _ in range(20):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
    with torch.no_grad():
        norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
        climbs = [0.05 * p.grad / norm for p in model.parameters()]
        for p, climb in zip(model.parameters(), climbs, strict=True):
            p += climb
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
    with torch.no_grad():
        for p, climb in zip(model.parameters(), climbs, strict=True):
            p -= climb
    optimizer.step()
    optimizer.zero_grad()
