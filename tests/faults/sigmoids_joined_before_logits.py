# expect: R31 line 10
import torch

torch.manual_seed(0)
nodes = torch.nn.Embedding(12, 4)
optimizer = torch.optim.Adam(nodes.parameters(), lr=0.01)


def chance(pairs):
    return torch.sigmoid((nodes(pairs[:, 0]) * nodes(pairs[:, 1])).sum(1))


linked = torch.tensor([[i, (i + 4) % 12] for i in range(12)])
for epoch in range(10):
    unlinked = torch.randint(0, 12, (12, 2))
    guess = torch.cat([chance(linked), chance(unlinked)])
    truth = torch.cat([torch.ones(12), torch.zeros(12)])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(guess, truth)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
