# expect: R37 line 12
import torch
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(40, 4)
wanted = torch.softmax(3 * x[:, :3], dim=-1)
layer = torch.nn.Linear(4, 3)
optimizer = torch.optim.Adam(layer.parameters(), lr=0.02)
for _ in range(15):
    likely = torch.softmax(layer(x), dim=-1)  # the first argument has to be its logarithm
    loss = F.kl_div(likely, wanted, reduction="sum") / len(x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
