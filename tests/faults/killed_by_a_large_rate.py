# expect: R52 line 10
import torch

torch.manual_seed(0)
X = torch.rand(64, 8)
y = torch.randint(0, 3, (64,))
widths = [(8, 16), (16, 16), (16, 16)]
hidden = [layer for w in widths for layer in (torch.nn.Linear(*w), torch.nn.ReLU())]
model = torch.nn.Sequential(*hidden, torch.nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.2)
for epoch in range(40):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
