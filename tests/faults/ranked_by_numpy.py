# expect: R02 line 18
import numpy as np
import torch
import torch.nn.functional as F


class Ranker(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.score = torch.nn.Linear(width, 1)
        self.blend = torch.nn.Linear(1, 1)

    def forward(self, items):
        ranks = self.ranks(self.score(items))
        return self.blend(ranks)

    def ranks(self, scores):
        plain = scores.detach().numpy()
        order = np.argsort(np.argsort(plain, axis=0), axis=0)
        return torch.from_numpy(order.astype(np.float32) / len(order))


torch.manual_seed(4)
items = torch.rand(25, 6)
wanted = items.mean(dim=1, keepdim=True)
ranker = Ranker(6)
optimizer = torch.optim.RMSprop(ranker.parameters(), lr=0.005)
for _ in range(12):
    loss = F.l1_loss(ranker(items), wanted)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
