# expect: R37 line 12
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.randn(50, 4)
y = x[:, :3].argmax(1)
net = nn.Linear(4, 3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for _ in range(15):
    scores = torch.log_softmax(net(x), dim=1)
    loss = scores[torch.arange(50), y].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
