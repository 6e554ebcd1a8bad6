# expect: R42 line 19
import torch
from torch import nn

torch.manual_seed(0)


class FlowLaw(nn.Module):
    """Fits the parameters of a river rating curve q = a * (h - h0)^b, zero below h0."""

    def __init__(self):
        super().__init__()
        self.log_a = nn.Parameter(torch.tensor(0.0))
        self.h0 = nn.Parameter(torch.tensor(0.6))
        self.b = nn.Parameter(torch.tensor(1.2))

    def forward(self, h):
        depth = h - self.h0
        flow = torch.exp(self.log_a) * depth**self.b
        return torch.where(depth > 0, flow, torch.zeros_like(flow))


def gauge_readings(n=300):
    h = torch.rand(n) * 3
    q = 1.8 * (h - 0.5).clamp(min=0) ** 1.7
    return h, q + 0.02 * torch.randn(n)


def fit(model, h, q, epochs=100, lr=0.02):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    log = []
    for epoch in range(epochs):
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(h), q)
        loss.backward()
        opt.step()
        log.append(loss.item())
    return log


h, q = gauge_readings()
law = FlowLaw()
log = fit(law, h, q)
print("first / middle / last loss:", log[0], log[50], log[-1])
print({k: round(v.item(), 3) for k, v in law.named_parameters()})
