# expect: R22 line 10
import torch

torch.manual_seed(0)
x = torch.randn(50, 3)
y = x.sum(1)
a = torch.randn(3, requires_grad=True)
b = torch.randn(3, requires_grad=True)
mask = torch.zeros(3)
optimizer = torch.optim.AdamW([a, b], lr=0.05, weight_decay=0.2)
for _ in range(10):
    loss = (x @ a + x @ (mask * b) - y).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
