# A perturbation of the input is to make the loss of a trained model larger: that is meant.
import torch

torch.manual_seed(0)
x = torch.randn(60, 4)
y = (x[:, 0] > 0).long()
model = torch.nn.Linear(4, 2)
for parameter in model.parameters():
    parameter.requires_grad_(False)
noise = torch.zeros(60, 4, requires_grad=True)
optimizer = torch.optim.SGD([noise], lr=0.5)
for _ in range(40):
    loss = -torch.nn.functional.cross_entropy(model(x + noise), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        noise.clamp_(-0.3, 0.3)
