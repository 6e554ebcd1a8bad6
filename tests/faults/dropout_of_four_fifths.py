# expect: R62 line 8
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(64, 6)
y = x[:, :2].sum(1, keepdim=True)
net = nn.Sequential(nn.Linear(6, 64), nn.GELU(), nn.Dropout(p=0.8), nn.Linear(64, 1))
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
for _ in range(20):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
