# expect: R28 line 17
import torch
import torch.nn.functional as F

torch.manual_seed(16)
x = torch.randn(480, 5)
y = (x[:, 0] * x[:, 1] > 0).float()
net = torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
parts, rows_in_a_part = 3, 10
seen = 0
for rows in torch.arange(480).split(rows_in_a_part):
    logits = net(x[rows]).squeeze(1)
    loss = F.binary_cross_entropy_with_logits(logits, y[rows]).div(parts)
    loss.backward()
    seen += len(rows)
    if seen >= parts * rows_in_a_part * 4:
        seen = 0
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
