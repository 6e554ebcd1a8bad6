"""Monte-Carlo dropout: predictions under no_grad with dropout on, averaged on purpose."""

import torch

torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(2, 32), torch.nn.ReLU(), torch.nn.Dropout(0.2), torch.nn.Linear(32, 1)
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
x = torch.randn(64, 2)
y = x.sum(1, keepdim=True)
for _ in range(20):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
model.eval()
model[2].train()
with torch.no_grad():
    guesses = torch.stack([model(x[:5]) for _ in range(8)])
print(guesses.std(0).squeeze())
