# expect: R35 line 10
import torch

torch.manual_seed(0)
x = torch.randn(60, 4)
y = x[:, :3].argmax(1) + 1
model = torch.nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(5):
    loss = torch.nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
