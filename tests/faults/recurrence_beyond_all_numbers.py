# expect: R47 line 9
import torch

torch.manual_seed(0)
x = torch.rand(16, 40, 3)
y = x.sum((1, 2)).unsqueeze(1)
into, again, out = torch.nn.Linear(3, 12), torch.nn.Linear(12, 12), torch.nn.Linear(12, 1)
with torch.no_grad():
    again.weight.copy_(1.5 * torch.eye(12))
weights = [w for layer in (into, again, out) for w in layer.parameters()]
optimizer = torch.optim.SGD(weights, lr=0.001)
for _ in range(12):
    h = torch.zeros(16, 12)
    for time in range(40):
        step = into(x[:, time])
        h = torch.relu(step + again(h))
    loss = torch.nn.functional.mse_loss(out(h), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
