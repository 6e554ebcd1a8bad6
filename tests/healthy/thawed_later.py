"""The body is frozen for the first epochs and joins the optimizer then."""

import torch

torch.manual_seed(0)
body = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.ReLU()).requires_grad_(False)
head = torch.nn.Linear(16, 3)
optimizer = torch.optim.Adam(head.parameters(), lr=1e-2)
x, y = torch.randn(60, 6), torch.randint(0, 3, (60,))
for epoch in range(20):
    if epoch == 8:
        body.requires_grad_(True)
        optimizer.add_param_group({"params": body.parameters(), "lr": 1e-3})
    loss = torch.nn.functional.cross_entropy(head(body(x)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
