"""Where a program makes its optimizers and layers, and where it writes their learning rate."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from retrograd.diagnose.definitions import Definitions
from retrograd.diagnose.program import Program
from retrograd.store.model import Module, Site, Source


def definitions(text: str) -> Definitions:
    """Return the definitions of a program."""
    recording = SimpleNamespace(sources={"train.py": Source("train.py", text)})
    return Definitions(Program(recording))  # type: ignore[arg-type]


def stepped(expression: str) -> Site:
    """Return the place of a call of ``step()``."""
    return Site(1, "train.py", "", 9, 9, 0, 1, expression)


def line(site: Site | None) -> int | None:
    """Return the line of a place."""
    return None if site is None else site.line


TWO = """\
opt_g = torch.optim.Adam(g.parameters(), lr=1e-3)
opt_d, other = optim.Adam(d.parameters(), lr=2e-3), optim.SGD(h.parameters(), 0.5)
scaler = GradScaler()
"""


@pytest.mark.parametrize(
    ("kind", "expression", "place"),
    [
        ("Adam", "opt_g.step()", (1, "torch.optim.Adam(g.parameters(), lr=1e-3)")),
        ("Adam", "self.opt_d.step()", (2, "optim.Adam(d.parameters(), lr=2e-3)")),
        ("Adam", "scaler.step(opt_d)", (2, "optim.Adam(d.parameters(), lr=2e-3)")),
        ("SGD", "trainer.fit(model)", (2, "optim.SGD(h.parameters(), 0.5)")),
        ("Adam", "trainer.fit(model)", None),  # which of the two is not known
        ("RMSprop", "x.step()", None),
    ],
)
def test_an_optimizer(kind: str, expression: str, place: tuple[int, str] | None) -> None:
    found = definitions(TWO).optimizer(kind, stepped(expression))
    assert (None if found is None else (found.line, found.expression)) == place


def test_columns_count_characters() -> None:
    found = definitions('가 = "나"; opt = SGD(p, 0.1)\n').optimizer("SGD", None)
    assert found is not None
    assert (found.column, found.end_column) == (15, 26)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("opt = SGD(p, lr=0.5)\n", None),  # written at the optimizer itself
        ("LR = 0.5\nopt = SGD(p, lr=LR)\n", 1),
        ("LR = 0.5\nopt = SGD(p, LR)\n", 1),
        ("LR = 0.1\nopt = SGD(p, lr=LR)\n", None),  # it got another number: from a schedule, say
        ("def make(p,\n    rate=0.5):\n  return SGD(p, lr=rate)\n", 2),
        ("def make(p, rate=0.1):\n  return SGD(p, lr=rate)\nmake(p, rate=0.5)\n", 3),
        ("cfg = {\n 'lr': 0.5}\nopt = SGD(p, lr=cfg['lr'])\n", 2),
        ("parser.add_argument('--lr', default=0.5)\nopt = SGD(p, lr=args.lr)\n", 1),
        ("class Config:\n  lr: float = 0.5\nopt = SGD(p, lr=Config.lr)\n", 2),
        ("opt = SGD(\n    p,\n    lr=0.5)\n", 3),
        ("opt = SGD([\n  {'params': p},\n  {'params': q, 'lr': 0.5}], lr=0.1)\n", 3),
        ("lr = 0.5\nlr = 0.5\nopt = SGD(p, lr=lr)\n", None),  # which of the two is not known
        ("rate = 50 * 10 ** -2\nopt = SGD(p, lr=rate)\n", 1),
        ("def f(x): return x\nopt = SGD(p, lr=f)\n", None),
    ],
)
def test_a_learning_rate(text: str, expected: int | None) -> None:
    assert line(definitions(text).rate("SGD", stepped("opt.step()"), 0.5)) == expected


LAYERS = """\
class Net(nn.Module):
    def __init__(self):
        self.drop = nn.Dropout(0.9)
        self.body = nn.Sequential(
            nn.Linear(2, 2),
            nn.ReLU(),
            nn.Dropout(0.1),
        )
        self.many = nn.Sequential(*layers, nn.Tanh())
net = Net()
"""


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("drop", "Dropout", 3),
        ("net.drop", "Dropout", 3),
        ("body.2", "Dropout", 7),
        ("body.1", "ReLU", 6),
        ("many.4", "Tanh", 9),  # the only one there is
        ("net", "Net", None),  # the user's own class is no layer
        ("body.0", "GELU", None),
    ],
)
def test_a_layer(path: str, kind: str, expected: int | None) -> None:
    assert line(definitions(LAYERS).layer(Module(0, path, kind))) == expected


def test_what_is_no_python_has_no_definitions() -> None:
    assert definitions("%matplotlib inline\nopt = SGD(p, 0.1)\n").optimizer("SGD", None) is None


SCHEDULE = "base = 0.1\nopt = SGD(p, lr=base)\nsched = LambdaLR(opt, lambda s: s // 9)\n"
NAMED = "def warm(s):\n    return s // 9\nopt = SGD(p, lr=0.1)\nsched = LambdaLR(opt, warm)\n"


@pytest.mark.parametrize(
    ("text", "rate", "expected"),
    [
        (SCHEDULE, 0.0, 3),
        (NAMED, 0.0, 2),
        ("opt = SGD(p, lr=0.1)\nfor group in opt.param_groups:\n    group['lr'] = 2.0\n", 2.0, 3),
        (SCHEDULE, 0.1, None),  # the optimizer's own
        ("opt = SGD(p, lr=args.lr)\nsched = StepLR(opt, 3)\n", 0.0, None),  # who knows
    ],
)
def test_a_schedule(text: str, rate: float, expected: int | None) -> None:
    assert line(definitions(text).schedule("SGD", stepped("opt.step()"), rate)) == expected
