# expect: R27 line 9
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(64, 10)
y = x[:, :4].argmax(1)
net = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2, weight_decay=5e-2)
for _ in range(20):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
