# expect: R22 line 19
import torch

torch.manual_seed(0)
X = torch.randn(64, 6)
y = X[:, :2].sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(6, 12), torch.nn.Tanh(), torch.nn.Linear(12, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
weight = model[0].weight
mask = torch.ones_like(weight)
for epoch in range(20):
    if epoch == 10:
        mask = (weight.abs() > weight.abs().median()).float()
        weight.data.mul_(mask)
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    weight.grad *= mask
    optimizer.step()
