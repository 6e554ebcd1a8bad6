# expect: R25 line 15
import torch
import torch.nn.functional as F

torch.manual_seed(13)
x = torch.randn(70, 4)
sign = torch.where(x[:, 1] + x[:, 3] > 0, 1.0, -1.0)
w = (0.1 * torch.randn(4)).requires_grad_()
bias = torch.zeros((), requires_grad=True)
for _ in range(25):
    loss = F.softplus(-sign * (x @ w + bias)).mean()
    loss.backward()
    with torch.no_grad():
        for tensor in (w, bias):
            tensor.copy_(tensor + 0.2 * tensor.grad)
            tensor.grad = None
