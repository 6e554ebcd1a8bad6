# expect: R44 line 12
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.rand(64, 8).half()
y = x.mean(1, keepdim=True)
net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1)).half()
optimizer = torch.optim.SGD(net.parameters(), lr=2000.0)
for _ in range(15):
    out = net(x)
    loss = nn.functional.mse_loss(out, y) * 1e-4
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
