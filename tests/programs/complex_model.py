"""Complex weights learn a linear filter in the Fourier domain."""

import torch

torch.manual_seed(0)

true_filter = torch.tensor([0.5, 0.3, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0])
weight = torch.ones(5, dtype=torch.complex64, requires_grad=True)
bias = torch.zeros((), dtype=torch.complex64, requires_grad=True)
optimizer = torch.optim.Adam([weight, bias], lr=0.1)

for step in range(8):
    x = torch.randn(6, 8)
    y = torch.fft.irfft(torch.fft.rfft(x) * torch.fft.rfft(true_filter), n=8)
    spectrum = torch.fft.rfft(x) * weight + bias
    out = torch.fft.irfft(spectrum, n=8)
    phase = torch.view_as_real(spectrum).square().sum().sqrt()
    loss = (
        (out - y).abs().square().mean() + 1e-3 * phase + 1e-3 * (weight.conj() * weight).real.sum()
    )
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), weight.grad.abs().sum().item())
print(weight.tolist())
