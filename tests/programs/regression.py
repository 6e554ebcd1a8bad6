"""Linear regression on one feature: two numbers learn a line, with the data as plain vectors."""

import torch

torch.manual_seed(0)
x = torch.linspace(-1, 2, 24)
y = 1.5 * x - 0.4 + 0.2 * torch.randn(24)

w = torch.zeros(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)

for epoch in range(60):
    prediction = w * x + b
    loss = torch.mean((prediction - y) ** 2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 20 == 0:
        print(f"epoch {epoch}: {loss.item()!r}")
print(w.item(), b.item())
