# expect: R76 line 17
import torch

torch.manual_seed(0)
x = torch.randn(50, 2)
y = (x[:, 0] - x[:, 1] > 0).float()
w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.05)
total = torch.tensor(50)
for _ in range(6):
    score = x @ w
    loss = torch.nn.functional.binary_cross_entropy_with_logits(score, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    right = ((score > 0.1) == (y > 0.5)).sum()
    print(int(right // total))
