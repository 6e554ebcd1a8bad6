# expect: R49 line 7
import torch

torch.manual_seed(0)
table = torch.randn(10, 4, requires_grad=True)
out = torch.randn(4, 1, requires_grad=True)
optimizer = torch.optim.Adam([table, out], lr=0.9)
for _ in range(20):
    i = torch.randint(0, 10, (12,))
    y = torch.randn(12, 1)
    loss = torch.nn.functional.mse_loss(table[i] @ out, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
