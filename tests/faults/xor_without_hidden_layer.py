# expect: R72 line 7
import torch

torch.manual_seed(0)
x = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
y = torch.tensor([0, 1, 1, 0])
w = torch.randn(2, 2, requires_grad=True)
b = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.Adam([w, b], lr=0.1)
for _ in range(200):
    loss = torch.nn.functional.cross_entropy(x @ w + b, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
