# expect: R31 line 10
import torch

torch.manual_seed(0)
x = torch.randn(80, 5)
y = (x[:, 0] > 0).float()
w = torch.randn(5, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
for _ in range(15):
    p = 1 / (1 + torch.exp(-(x @ w)))
    loss = torch.nn.functional.binary_cross_entropy_with_logits(p, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
