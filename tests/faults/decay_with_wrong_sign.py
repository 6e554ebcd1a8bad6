# expect: R63 line 12
import torch

torch.manual_seed(0)
x = torch.randn(50, 4)
y = (x @ torch.tensor([1.0, 0.0, -1.0, 0.5]) > 0).float()
w = (0.01 * torch.randn(4, 1)).requires_grad_()
for _ in range(13):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, 1 - y.unsqueeze(1))
    loss.backward()
    with torch.no_grad():
        w -= 0.001 * w.grad - 0.9 * w
    w.grad = None
