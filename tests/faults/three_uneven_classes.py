# expect: R67 line 12
import torch

torch.manual_seed(1)
y = torch.tensor([0] * 180 + [1] * 15 + [2] * 5)[torch.randperm(200)]
x = torch.randn(200, 1, 12) + y.view(-1, 1, 1)
conv = torch.nn.Conv1d(1, 4, 5)
head = torch.nn.Linear(4, 3)
optimizer = torch.optim.SGD([*conv.parameters(), *head.parameters()], lr=0.1)
for _ in range(10):
    scores = head(torch.relu(conv(x)).mean(2))
    loss = torch.nn.functional.nll_loss(scores.log_softmax(1), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
