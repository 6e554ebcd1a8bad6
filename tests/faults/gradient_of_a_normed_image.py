# expect: R08 line 14
import torch

torch.manual_seed(0)
image = torch.rand(1, 16)
w = torch.randn(16, 1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(5):
    scaled = w / w.norm()
    score = torch.tanh(image @ scaled).sum()
    optimizer.zero_grad()
    score.backward()
    optimizer.step()
    print(scaled.grad)
