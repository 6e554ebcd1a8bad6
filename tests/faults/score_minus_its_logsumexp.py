# expect: R25 line 15
import torch

torch.manual_seed(0)
X = torch.randn(60, 3)
time = torch.rand(60) * torch.exp(-X[:, 0])
X = X[torch.argsort(time, descending=True)]
event = (torch.rand(60) < 0.8).float()
model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(20):
    score = model(X).squeeze(1)
    likelihood = ((score - torch.logcumsumexp(score, dim=0)) * event).sum() / event.sum()
    optimizer.zero_grad()
    likelihood.backward()
    optimizer.step()
