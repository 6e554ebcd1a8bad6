# expect: R24 line 14
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(80, 5)
y = (x @ torch.arange(5.0)).unsqueeze(1) * 4
net = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(60):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), max_norm=0.5)
    optimizer.step()
