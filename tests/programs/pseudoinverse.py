"""Complex least squares: ops made of other ops, on tensors whose conjugation is still pending."""

import torch

torch.manual_seed(0)

matrix = torch.randn(5, 3, dtype=torch.complex128, requires_grad=True)
goal = torch.randn(5, dtype=torch.complex128)
optimizer = torch.optim.SGD([matrix], lr=0.05)

for step in range(6):
    inverse = torch.linalg.pinv(matrix)
    other = torch.linalg.pinv(matrix.mH)
    projected = matrix @ (inverse @ goal)
    loss = (goal - projected).abs().square().sum() + 0.01 * (other @ other.conj().mT).real.sum()
    loss = loss + (matrix.mH @ matrix).imag.square().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), matrix.grad.abs().sum().item())
print(matrix.tolist())
