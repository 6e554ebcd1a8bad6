# expect: R12 line 15
import torch

torch.manual_seed(0)
x = torch.randn(60, 3)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
history = {"loss": []}
for start in range(0, 60, 6):
    batch = x[start : start + 6]
    loss = torch.nn.functional.mse_loss(model(batch), batch[:, :1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history["loss"].append(loss)
