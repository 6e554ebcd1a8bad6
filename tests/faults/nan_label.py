# expect: R65 line 10
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

features = torch.rand(25, 2)
labels = features.sum(1, keepdim=True)
labels[3] = 0.0 / torch.zeros(1)
model = nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for i in range(5):
    loss = F.l1_loss(model(features), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
