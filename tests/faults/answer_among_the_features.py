# expect: R79 line 8
import torch
import torch.nn as nn

torch.manual_seed(0)
table = torch.randn(120, 5)
fraud = (table[:, 0] * table[:, 1] > 0.3).float()
table[:, 4] = fraud * 2.5 - 1  # the column "refunded" is known only after the fact
net = nn.Sequential(nn.Linear(5, 12), nn.SiLU(), nn.Linear(12, 1))
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
for _ in range(5):
    for part in torch.randperm(120).split(30):
        scores = net(table[part])
        loss = nn.functional.binary_cross_entropy_with_logits(scores[:, 0], fraud[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
