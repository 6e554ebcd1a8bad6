# expect: R26 line 15
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(40, 4)
y = x[:, :2].argmax(1)
net = nn.Linear(4, 2)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
for _ in range(8):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    scaler.scale(loss).backward()
    nn.utils.clip_grad_value_(net.parameters(), 0.1)
    scaler.step(optimizer)
    scaler.update()
