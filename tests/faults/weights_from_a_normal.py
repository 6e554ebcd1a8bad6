# expect: R59 line 7
import torch

torch.manual_seed(0)
x = torch.randn(48, 40)
y = x[:, :1] * 2
w1 = torch.randn(40, 20, requires_grad=True)
w2 = (torch.randn(20, 1) / 20).requires_grad_()
optimizer = torch.optim.SGD([w1, w2], lr=1e-4)
for _ in range(20):
    hidden = torch.relu(x @ w1)
    loss = torch.nn.functional.mse_loss(hidden @ w2, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
