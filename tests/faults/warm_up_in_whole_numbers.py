# expect: R76 line 7
import torch


def rate_at(step):
    if step < 100:
        return 0.01 * (step // 100)
    return 0.01


torch.manual_seed(0)
x = torch.randn(50, 4)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(30):
    for group in optimizer.param_groups:
        group["lr"] = rate_at(step)
    loss = torch.nn.functional.mse_loss(model(x), x[:, :1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
