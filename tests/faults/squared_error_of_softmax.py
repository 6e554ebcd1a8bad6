# expect: R36 line 11
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(60, 4)
y = nn.functional.one_hot(x[:, :3].argmax(1), 3).float()
net = nn.Sequential(nn.Linear(4, 12), nn.ReLU(), nn.Linear(12, 3), nn.Softmax(dim=1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for _ in range(25):
    loss = nn.MSELoss()(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
