# expect: R58 line 9
import torch
import torch.nn.functional as F

torch.manual_seed(1)

x = torch.rand(40, 3)
y = (x.sum(1, keepdim=True) > 1.5).float()
w1 = torch.full((3, 5), 0.3, requires_grad=True)
w2 = torch.full((5, 1), 0.2, requires_grad=True)
optimizer = torch.optim.SGD([w1, w2], lr=0.5)
for i in range(15):
    hidden = torch.sigmoid(x @ w1)
    loss = F.binary_cross_entropy_with_logits(hidden @ w2, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
