# expect: R10 line 6
import torch

torch.manual_seed(3)
ratings = torch.rand(12, 9, dtype=torch.float64)
users = torch.nn.init.normal_(torch.empty(12, 2, requires_grad=True), std=0.3).double()
items = torch.nn.init.normal_(torch.empty(2, 9), std=0.3).double().requires_grad_()
optimizer = torch.optim.Adam([users, items], lr=0.02)
for step in range(20):
    loss = ((users @ items - ratings) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
