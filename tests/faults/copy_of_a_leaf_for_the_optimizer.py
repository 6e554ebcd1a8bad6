# expect: R10 line 6
import torch

torch.manual_seed(0)
data = torch.randn(20, 8, dtype=torch.float64)
atoms = torch.randn(4, 8, requires_grad=True).double()
codes = torch.zeros(20, 4, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.Adam([{"params": [atoms], "lr": 1e-2}, {"params": [codes], "lr": 1e-2}])
for epoch in range(10):
    loss = ((codes @ atoms - data) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
