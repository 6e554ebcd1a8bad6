# expect: R61 line 11
import torch

torch.manual_seed(0)
x = torch.randn(60, 3)
y = (x.sum(1) > 0).float()
w = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
criterion = torch.nn.BCEWithLogitsLoss()
for _ in range(30):
    score = torch.tanh(x @ w)
    loss = criterion(score, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
