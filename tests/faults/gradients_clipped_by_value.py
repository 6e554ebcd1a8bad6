# expect: R24 line 13
import torch

torch.manual_seed(0)
x = torch.randn(64, 3)
model = torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for _ in range(40):
    loss = torch.nn.functional.mse_loss(model(x), 5 * x[:, :1])
    optimizer.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.grad.data.clamp_(-1e-4, 1e-4)
    optimizer.step()
