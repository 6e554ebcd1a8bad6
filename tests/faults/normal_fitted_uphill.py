# expect: R25 line 12
import torch

torch.manual_seed(0)
samples = 2 + 0.7 * torch.randn(100)
mean = torch.tensor(0.0, requires_grad=True)
log_spread = torch.tensor(0.0, requires_grad=True)
for step in range(10):
    nll = -torch.distributions.Normal(mean, log_spread.exp()).log_prob(samples).mean()
    nll.backward()
    with torch.no_grad():
        mean += 0.01 * mean.grad
        log_spread += 0.01 * log_spread.grad
    mean.grad = log_spread.grad = None
