# Losses are put into a list with their graphs, and one pass goes through all of them.

import torch

torch.manual_seed(0)
x = torch.randn(40, 3)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(25):
    losses = []
    for part in x.split(10):
        loss = torch.nn.functional.mse_loss(model(part), part[:, :1])
        losses.append(loss)
    loss = torch.stack(losses).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
