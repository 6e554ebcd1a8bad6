# expect: R58 line 7
import torch

torch.manual_seed(0)
x = torch.randn(50, 4)
y = x[:, :1] * x[:, 1:2]
w1 = torch.full((4, 6), 0.1, requires_grad=True)
w2 = torch.full((6, 1), 0.1, requires_grad=True)
optimizer = torch.optim.SGD([w1, w2], lr=0.05)
for _ in range(20):
    loss = torch.nn.functional.mse_loss(torch.tanh(x @ w1) @ w2, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
