# expect: R19 line 10
import torch
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.randn(30, 2)
y = (x[:, :1] > 0).float()
weight = torch.randn(2, 1, requires_grad=True)
optimizer = torch.optim.Adam([weight], lr=0.1)
weight = torch.zeros(2, 1, requires_grad=True)  # start again from zero
for i in range(10):
    loss = F.binary_cross_entropy_with_logits(x @ weight, y)
    loss.backward()
    optimizer.step()
    weight.grad = None
