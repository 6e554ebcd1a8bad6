# expect: R37 line 16
import torch

torch.manual_seed(0)
people = torch.randn(10, 8)
model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(40):
    who = torch.randint(0, 10, (32,))
    other = (who + torch.randint(1, 10, (32,))) % 10
    anchor = model(people[who] + 0.1 * torch.randn(32, 8))
    same = model(people[who] + 0.1 * torch.randn(32, 8))
    different = model(people[other])
    near = (anchor - same).pow(2).sum(1)
    far = (anchor - different).pow(2).sum(1)
    loss = (near - far + 0.5).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
