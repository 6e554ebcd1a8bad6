# expect: R77 line 11
import torch

torch.manual_seed(0)
x, x_val = torch.randn(40, 3), torch.randn(20, 3)
truth = torch.tensor([[1.0], [-2.0], [0.5]])
w = torch.zeros(3, 1, requires_grad=True)


def error(inputs):
    return (inputs @ w - inputs @ truth).abs().mean()


optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(10):
    loss = (x @ w - x @ truth).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    values = (x_val @ w).tolist()
    print(error(x_val).item(), len(values))
