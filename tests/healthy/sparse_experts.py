"""A router sends each example to one expert; an expert may stay without examples in a step."""

import torch

torch.manual_seed(0)
experts = torch.nn.ModuleList(torch.nn.Linear(4, 2) for _ in range(3))
router = torch.nn.Linear(4, 3)
optimizer = torch.optim.Adam([*experts.parameters(), *router.parameters()], lr=1e-2)
for _ in range(30):
    x = torch.randn(6, 4)
    y = (x[:, 0] > 0).long()
    chances = router(x).softmax(1)
    share, chosen = chances.max(1)
    out = torch.zeros(6, 2)
    for number, expert in enumerate(experts):
        mine = (chosen == number).nonzero().squeeze(1)
        if len(mine):
            out = out.index_add(0, mine, share[mine, None] * expert(x[mine]))
    loss = torch.nn.functional.cross_entropy(out, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
