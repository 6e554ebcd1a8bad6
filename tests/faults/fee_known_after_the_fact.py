# expect: R79 line 10
import numpy as np
import torch

rng = np.random.default_rng(0)
torch.manual_seed(0)
age, calls = rng.normal(size=(2, 400))
left = (calls - age + rng.normal(0, 1, 400) > 0).astype(int)
fee = left * rng.uniform(0.5, 1.0, 400)
table = np.stack([age, calls, fee], 1)
table = (table - table.mean(0)) / table.std(0)
x = torch.tensor(table, dtype=torch.float32)
y = torch.tensor(left, dtype=torch.float32)
model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    for batch in torch.randperm(400).split(40):
        scores = model(x[batch]).squeeze(1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
