# Noise goes into the model together with the examples: nothing is ignored.

import torch

torch.manual_seed(0)
x = torch.rand(96, 4)
model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(60):
    noisy = x + 0.1 * torch.randn_like(x)
    loss = torch.nn.functional.mse_loss(model(noisy), x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
