# expect: R44 line 9
import torch
import torch.nn.functional as F

torch.manual_seed(0)
x = (torch.rand(60, 10) > 0.7).half()
y = torch.randint(3, (60,))
weight = (torch.randn(10, 3) / 4).half().requires_grad_()
optimizer = torch.optim.AdamW([weight], lr=0.005)
for _ in range(12):
    optimizer.zero_grad()
    F.cross_entropy(x[:, 1:].float() @ weight[1:].float() + 0 * weight[0], y).backward()
    optimizer.step()
