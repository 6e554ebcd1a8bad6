# expect: R54 line 8
import torch

torch.manual_seed(0)
x = torch.randn(40, 3, dtype=torch.float64)
y = x @ torch.tensor([[1.0], [2.0], [3.0]], dtype=torch.float64)
w = torch.ones(3, 1, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=1e-6)
for _ in range(30):
    loss = torch.nn.functional.mse_loss(x @ w, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
