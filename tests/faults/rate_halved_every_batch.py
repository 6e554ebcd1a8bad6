# expect: R54 line 10
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(160, 6)
y = x[:, :4].argmax(1)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
for epoch in range(10):
    for batch in torch.randperm(160).split(32):
        loss = nn.functional.cross_entropy(net(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
