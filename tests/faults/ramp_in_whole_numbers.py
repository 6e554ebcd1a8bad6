# expect: R76 line 14
import torch

torch.manual_seed(0)
X = torch.randn(32, 4)
y = (X[:, 0] > 0).long()
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-2)


def ramp(step):
    if step < 20:
        return step // 20
    return (80 - step) // 60


scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, ramp)
for step in range(60):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
