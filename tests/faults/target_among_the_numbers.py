# expect: R79 line 5
import torch

torch.manual_seed(0)
X = torch.randn(120, 4)
y = X[:, 3:]
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(20):
    for batch in torch.randperm(120).split(40):
        loss = torch.nn.functional.mse_loss(model(X[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
