"""Two views without negatives: the target has no gradient, the predictor moves (SimSiam)."""

import torch
from torch.nn import functional as F

torch.manual_seed(0)
encoder = torch.nn.Sequential(torch.nn.Linear(10, 24), torch.nn.BatchNorm1d(24), torch.nn.ReLU())
predictor = torch.nn.Sequential(torch.nn.Linear(24, 8), torch.nn.ReLU(), torch.nn.Linear(8, 24))
optimizer = torch.optim.SGD([*encoder.parameters(), *predictor.parameters()], lr=0.05)
for _ in range(20):
    x = torch.randn(32, 10)
    one, two = (encoder(x + 0.2 * torch.randn_like(x)) for _ in range(2))
    loss = -F.cosine_similarity(predictor(one), two.detach()).mean() / 2
    loss = loss - F.cosine_similarity(predictor(two), one.detach()).mean() / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
