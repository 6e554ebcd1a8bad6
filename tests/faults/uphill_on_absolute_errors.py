# expect: R25 line 8
import torch

torch.manual_seed(12)
x = torch.linspace(0, 4, 60)
y = 1.5 * x - 2
line = torch.nn.Parameter(torch.tensor([1.0, 0.0]))
options = {"lr": 0.003, "maximize": True}
optimizer = torch.optim.RMSprop([line], **options)
for _ in range(30):
    distance = torch.abs(line[0] * x + line[1] - y).sum() / len(x)
    optimizer.zero_grad()
    distance.backward()
    optimizer.step()
