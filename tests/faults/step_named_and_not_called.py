# expect: R17 line 14
import torch

torch.manual_seed(1)
x = torch.randn(40, 3)
y = x.prod(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(4):
    for part in torch.arange(40).split(10):
        opt.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x[part]), y[part])
        loss.backward()
        opt.step
    print(epoch, loss.item())
