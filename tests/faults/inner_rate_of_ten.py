# expect: R49 line 7
import torch
import torch.nn.functional as F

torch.manual_seed(0)
HIDDEN = 32
INNER = dict(steps=1, lr=10.0)
META = dict(iterations=60, lr=2e-3, tasks=8)


def init_params():
    shapes = [(1, HIDDEN), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,)]
    out = []
    for s in shapes:
        t = torch.randn(s) * (2.0 / s[0]) ** 0.5 if len(s) == 2 else torch.zeros(s)
        out.append(t.requires_grad_())
    return out


def net(params, x):
    w1, b1, w2, b2, w3, b3 = params
    h = torch.tanh(x @ w1 + b1)
    h = torch.tanh(h @ w2 + b2)
    return h @ w3 + b3


def sample_task():
    amp = torch.rand(1) * 2 + 0.5
    phase = torch.rand(1) * 3.14

    def draw(k):
        x = torch.rand(k, 1) * 4 - 2
        return x, amp * torch.sin(x + phase)

    return draw


def adapt(params, x, y):
    for _ in range(INNER["steps"]):
        loss = F.mse_loss(net(params, x), y)
        grads = torch.autograd.grad(loss, params, create_graph=True)
        params = [p - INNER["lr"] * g for p, g in zip(params, grads)]
    return params


meta = init_params()
opt = torch.optim.Adam(meta, lr=META["lr"])
for it in range(META["iterations"]):
    outer = 0.0
    for _ in range(META["tasks"]):
        draw = sample_task()
        fast = adapt(meta, *draw(10))
        xq, yq = draw(10)
        outer = outer + F.mse_loss(net(fast, xq), yq)
    outer = outer / META["tasks"]
    opt.zero_grad()
    outer.backward()
    opt.step()
    if it % 10 == 0:
        print(f"it {it} query mse {outer.item():.4f}")
