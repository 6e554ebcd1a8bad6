# expect: R71 line 7
import torch

torch.manual_seed(0)
pictures = torch.rand(16, 12, 12, 4)
target = pictures.mean((1, 2, 3)).unsqueeze(1)
x = pictures.view(16, 4, 12, 12)
filters = (0.1 * torch.randn(4, 4, 3, 3)).requires_grad_()
weights = (0.1 * torch.randn(4, 1)).requires_grad_()
optimizer = torch.optim.SGD([filters, weights], lr=0.05)
for _ in range(10):
    hidden = torch.tanh(torch.nn.functional.conv2d(x, filters)).mean((2, 3))
    loss = torch.nn.functional.mse_loss(hidden @ weights, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
