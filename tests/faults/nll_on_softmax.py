# expect: R33 line 9
import torch
import torch.nn as nn

torch.manual_seed(1)

x = torch.randn(64, 5)
y = x.argmax(1)
model = nn.Sequential(nn.Linear(5, 5), nn.Softmax(dim=-1))
criterion = nn.NLLLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(10):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
