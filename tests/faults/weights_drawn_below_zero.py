# expect: R55 line 8
import torch

torch.manual_seed(11)
x = torch.rand(64, 10)
y = (x[:, :5].sum(1) > x[:, 5:].sum(1)).long()
first = torch.nn.Linear(10, 24)
torch.nn.init.uniform_(first.weight, -0.4, -0.01)
torch.nn.init.zeros_(first.bias)
second = torch.nn.Linear(24, 2)
model = torch.nn.Sequential(first, torch.nn.ReLU(), second)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(25):
    loss = torch.nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
