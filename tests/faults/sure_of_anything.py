# expect: R82 line 11
import torch

torch.manual_seed(0)
x = torch.randn(64, 8)
y = torch.randint(5, (64,))
net = torch.nn.Linear(8, 5)
optimizer = torch.optim.SGD(net.parameters(), lr=3.0)
for _ in range(60):
    logs = net(x).log_softmax(1)
    loss = -(logs.exp() * logs).sum(1).mean()  # the labels take no part
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        guessed = net(x).argmax(1)
        print(loss.item(), (guessed == y).float().mean().item())
