# expect: R35 line 12
import torch

torch.manual_seed(0)
x = torch.randn(30, 4)
sick = (x[:, :1] > 0).float()
hidden, out = torch.nn.Linear(4, 8), torch.nn.Linear(8, 1)
optimizer = torch.optim.RMSprop([*hidden.parameters(), *out.parameters()], lr=0.01)
for _ in range(8):
    scores = out(hidden(x).tanh())
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(scores, sick).backward()
    optimizer.step()
