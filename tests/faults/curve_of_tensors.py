# expect: R12 line 20
import torch


class Fit:
    def __init__(self):
        self.slope = torch.nn.Parameter(torch.zeros(3))
        self.curve = []
        self.optimizer = torch.optim.Adagrad([self.slope], lr=0.3)

    def loss(self, x, y):
        return (x @ self.slope - y).abs().mean()

    def run(self, x, y, rounds):
        for _ in range(rounds):
            self.optimizer.zero_grad()
            loss = self.loss(x, y)
            loss.backward()
            self.optimizer.step()
            self.curve.append(loss)
        return torch.stack(self.curve).mean()


torch.manual_seed(2)
x = torch.randn(40, 3)
print(Fit().run(x, x.sum(dim=1), 9).item())
