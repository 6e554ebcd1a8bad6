# expect: R09 line 12
import torch

torch.manual_seed(0)
x = torch.randn(30, 2)
y = (x @ torch.tensor([1.0, -1.0]) > 0).float()
w = torch.zeros(2, requires_grad=True)
for _ in range(4):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y)
    loss.backward()
    with torch.no_grad():
        w = w - 0.5 * w.grad
