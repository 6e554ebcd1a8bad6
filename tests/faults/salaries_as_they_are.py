# expect: R64 line 11
import torch

torch.manual_seed(0)
years = torch.rand(90, 2)
salary = 30000 + 20000 * years.sum(1, keepdim=True)
net = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
for _ in range(6):
    for part in range(0, 90, 30):
        loss = (net(years[part : part + 30]) - salary[part : part + 30]).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
