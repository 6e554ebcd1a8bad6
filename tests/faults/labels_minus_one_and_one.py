# expect: R35 line 10
import torch
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(48, 2)
y = torch.sign(x[:, :1] + x[:, 1:])
w = torch.zeros(2, 1, requires_grad=True)
for step in range(20):
    loss = F.binary_cross_entropy_with_logits(x @ w, y)
    (g,) = torch.autograd.grad(loss, w)
    with torch.no_grad():
        w -= 0.1 * g
