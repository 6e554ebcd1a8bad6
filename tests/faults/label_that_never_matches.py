# expect: R66 line 8
import torch
from torch import nn

torch.manual_seed(0)
words = ["spam", "ham"] * 20
x = torch.randn(40, 6)
y = torch.tensor([float(word == "Spam") for word in words])  # a capital too many
net = nn.Sequential(nn.Linear(6, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for step in range(15):
    some = torch.randperm(40)[:20]
    loss = nn.functional.binary_cross_entropy_with_logits(net(x[some]), y[some])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
