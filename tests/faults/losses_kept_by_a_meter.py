# expect: R12 line 26
import torch


class Meter:
    def __init__(self):
        self.seen = []

    def note(self, rows, value):
        self.seen.append({"rows": rows, "loss": value})

    def mean(self):
        return sum(row["loss"] for row in self.seen) / len(self.seen)


torch.manual_seed(3)
x = torch.linspace(-1, 1, 60).unsqueeze(1)
y = x**3
net = torch.nn.Sequential(torch.nn.Linear(1, 10), torch.nn.Tanh(), torch.nn.Linear(10, 1))
optimizer, meter = torch.optim.Adam(net.parameters(), lr=0.01), Meter()
for rows in torch.randperm(60).split(6):
    loss = (net(x[rows]) - y[rows]).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    meter.note(len(rows), loss)
print(float(meter.mean()))
