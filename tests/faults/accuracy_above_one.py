# expect: R75 line 15
import torch

torch.manual_seed(0)
x = torch.randn(40, 2)
y = (x[:, 0] > x[:, 1]).float().unsqueeze(1)
w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
for _ in range(8):
    p = torch.sigmoid(x @ w)
    loss = torch.nn.functional.binary_cross_entropy(p, y.squeeze(1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print((p.round() == y).float().sum().item() / 40)
