# expect: R16 line 37
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)

HYPER = dict(lr=5e-3, steps=60, batch=64, aux_weight=0.1)


class MoodNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 24, batch_first=True)
        self.classify = nn.Linear(24, 2)
        self.forecast = nn.Linear(24, 3)

    def forward(self, seq):
        states, last = self.gru(seq)
        return self.classify(last[0]), self.forecast(states[:, :-1])


def series(n, length=15):
    y = torch.randint(0, 2, (n,))
    slope = (y.float() * 2 - 1)[:, None, None] * torch.tensor([1.0, -0.5, 0.2])
    t = torch.linspace(-1, 1, length)[None, :, None]
    return slope * t + 0.4 * torch.randn(n, length, 3), y


def step(net, opt, seq, y):
    opt.zero_grad()
    logits, nxt = net(seq)
    main_loss = F.cross_entropy(logits, y)
    main_loss.backward(retain_graph=True)

    aux_loss = HYPER["aux_weight"] * F.mse_loss(nxt, seq[:, 1:])
    opt.zero_grad()
    aux_loss.backward()
    opt.step()
    return main_loss.item(), aux_loss.item()


net = MoodNet()
opt = torch.optim.Adam(net.parameters(), lr=HYPER["lr"])
for it in range(HYPER["steps"]):
    seq, y = series(HYPER["batch"])
    main, aux = step(net, opt, seq, y)
    if it % 20 == 19:
        net.eval()
        with torch.no_grad():
            s, t = series(300)
            acc = (net(s)[0].argmax(1) == t).float().mean().item()
        net.train()
        print(it, f"main {main:.3f} aux {aux:.4f} acc {acc:.3f}")
