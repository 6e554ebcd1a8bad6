# expect: R33 line 10
import torch

torch.manual_seed(0)
x = torch.randn(60, 5)
y = x[:, :3].argmax(1)
model = torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(15):
    likely = torch.log_softmax(model(x), dim=0)
    loss = torch.nn.functional.nll_loss(likely, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
