# expect: R64 line 7
import torch

torch.manual_seed(0)
income = torch.rand(80) * 90_000 + 10_000
age = torch.rand(80) * 60 + 18
x = torch.stack([income, age], dim=1)
y = (age > 40).float().unsqueeze(1)
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for _ in range(30):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
