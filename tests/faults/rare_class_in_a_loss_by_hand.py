# expect: R67 line 7
import torch


def cross_entropy(p, y):
    p = p.clamp(1e-6, 1 - 1e-6)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


torch.manual_seed(0)
x = torch.randn(800, 4)
y = (x[:, 0] > 2).float()
model = torch.nn.Sequential(torch.nn.Linear(4, 1), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for batch in torch.randperm(800).split(40):
    loss = cross_entropy(model(x[batch]).squeeze(1), y[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
