# expect: R14 line 9
import torch

torch.manual_seed(0)


def absolute_error(prediction, target):
    errors = [abs(float(p) - float(t)) for p, t in zip(prediction, target, strict=True)]
    return torch.tensor(sum(errors) / len(errors), requires_grad=True)


X = torch.randn(16, 3)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(10):
    optimizer.zero_grad()
    loss = absolute_error(model(X), y)
    loss.backward()
    optimizer.step()
