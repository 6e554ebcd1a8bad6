# expect: R30 line 14
import torch
import torch.nn.functional as F

torch.manual_seed(0)
W = torch.randn(5, 3, requires_grad=True)
x, y = torch.randn(30, 5), torch.randint(0, 3, (30,))
opt = torch.optim.SGD([W], lr=0.5)


def predict(x):
    z = x @ W
    e = torch.exp(z - z.max(1, keepdim=True).values)
    return e / e.sum(1, keepdim=True)


for _ in range(15):
    loss = F.cross_entropy(predict(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
