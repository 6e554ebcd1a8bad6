# expect: R39 line 8
import torch

torch.manual_seed(0)
x = torch.randn(50, 3)
y = (x[:, 0] > 0).float()
w = (0.1 * torch.randn(3)).requires_grad_()
b = torch.tensor(-5.0, requires_grad=True)
optimizer = torch.optim.Adam([w, b], lr=0.05)
for _ in range(15):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
