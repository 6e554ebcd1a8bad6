# expect: R29 line 12
import torch

torch.manual_seed(1)

x = torch.linspace(0, 5, 30)
y = (4 * x - 1).unsqueeze(1)
slope = torch.ones(1, requires_grad=True)
shift = torch.zeros(1, requires_grad=True)
for i in range(20):
    guess = slope * x + shift
    error = guess - y
    loss = torch.mean(error**2)
    loss.backward()
    with torch.no_grad():
        for p in (slope, shift):
            p -= 0.01 * p.grad
            p.grad.zero_()
