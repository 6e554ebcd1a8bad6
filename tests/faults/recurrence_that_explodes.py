# expect: R47 line 6
import torch

torch.manual_seed(0)
steps, size = 12, 6
recurrent = (2.0 * torch.randn(size, size)).requires_grad_()
entry = torch.randn(1, size, requires_grad=True)
leave = torch.randn(size, 1, requires_grad=True)
optimizer = torch.optim.SGD([recurrent, entry, leave], lr=1e-12)
for _ in range(10):
    sequence = torch.randn(16, steps, 1)
    state = sequence[:, 0] @ entry
    for t in range(1, steps):
        state = state @ recurrent + sequence[:, t] @ entry
    loss = (state @ leave).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
