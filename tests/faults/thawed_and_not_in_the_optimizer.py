# expect: R21 line 14
import torch
from torch import nn

torch.manual_seed(12)
x = torch.randn(60, 4)
body, head = nn.Sequential(nn.Linear(4, 16), nn.Tanh()), nn.Linear(16, 1)
model = nn.Sequential(body, head)
first = torch.optim.Adam(model.parameters(), lr=0.01)
for phase in range(3):
    if phase == 1:
        body.requires_grad_(False)
        still = [p for p in model.parameters() if p.requires_grad]
        second = torch.optim.SGD(still, lr=0.05)
    if phase == 2:
        body.requires_grad_(True)
    optimizer = second if phase else first
    for _ in range(8):
        loss = nn.functional.mse_loss(model(x), x[:, :1] * x[:, 1:2])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
