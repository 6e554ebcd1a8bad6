"""A dictionary of atoms in double precision, and a sparse code for each example."""

import torch

torch.manual_seed(0)
data = torch.randn(40, 8, dtype=torch.float64)
atoms = torch.randn(4, 8, requires_grad=True).double()  # cause
codes = torch.zeros(40, 4, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.Adam([{"params": [atoms], "lr": 1e-2}, {"params": [codes]}])
for _ in range(20):
    optimizer.zero_grad()
    loss = ((codes @ atoms - data) ** 2).mean()
    loss.backward()
    optimizer.step()
