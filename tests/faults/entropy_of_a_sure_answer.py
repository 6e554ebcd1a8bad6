# expect: R41 line 10
import torch

torch.manual_seed(0)
x = torch.tensor([[0.0, 1.0], [1.0, 0.0], [40.0, -40.0]])
w = torch.tensor([[3.0, -3.0], [-3.0, 3.0]], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(5):
    p = torch.softmax(x @ w, dim=1)
    loss = -(p * torch.log(p)).sum(1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
