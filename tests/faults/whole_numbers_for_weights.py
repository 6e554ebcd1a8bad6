# expect: R45 line 8
import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
w = torch.ones(2, requires_grad=True)
(x @ w).sum().backward()
bias = torch.tensor([0, 1])
bias.requires_grad_()
