"""Where a program chooses its batches, prepares its data and switches gradients off."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import pytest

from retrograd.diagnose.origins import Origins
from retrograd.diagnose.program import Program
from retrograd.store.model import Source


def follow(text: str, asked: str, question: str) -> int | None:
    """Return the line to which a question about the last call of a function leads."""
    recording = SimpleNamespace(sources={"train.py": Source("train.py", text)})
    program = Program(recording)  # type: ignore[arg-type]
    calls = [call for call in program.calls if ast.unparse(call.func) == asked]
    found = getattr(Origins(program), question)(max(calls, key=lambda call: call.lineno))
    return None if found is None else program.site(found).line


LOOP = "for x, y in dl:\n    loss(net(x), y)\n"
LOADER = f"dl = DataLoader(data, batch_size=2)\n{LOOP}"
SLICES = (
    "for start in range(0, 96, 8):\n    rows = slice(start, 9)\n    loss(net(x[rows]), y[rows])\n"
)
GENERATOR = """\
def batches():
    for i in range(0, 90, 9):
        yield X[i:i + 9], Y[i:i + 9]
for epoch in range(3):
    for x, y in batches():
        loss(net(x), y)
"""
TRAINER = """\
class Trainer:
    def __init__(self, data):
        self.data = DataLoader(data)
    def fit_batch(self, x, y):
        loss(self.net(x), y)
    def fit(self):
        for number, (x, y) in enumerate(self.data):
            self.fit_batch(x, y)
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LOADER, 1),
        (SLICES, 1),
        (GENERATOR, 2),
        (TRAINER, 3),
        (f"def make():\n    return DataLoader(d)\ndl = make()\n{LOOP}", 2),
        (f"def make():\n    return DataLoader(d), DataLoader(v)\ndl, test = make()\n{LOOP}", 2),
        ("loss(net(x), y)\n", None),
        ("def step(x, y):\n    loss(net(x), y)\nstep(1, 2)\nstep(3, 4)\n", None),  # which?
    ],
)
def test_batches(text: str, expected: int | None) -> None:
    assert follow(text, "loss", "batches") == expected


def test_a_loader_is_told_from_other_loops() -> None:
    assert follow(LOADER, "loss", "loader") == 1
    assert follow(SLICES, "loss", "loader") is None


DATASET = """\
class Wine(Dataset):
    def __init__(self, rows):
        self.x = wine.data[rows].astype("float32")
    def __getitem__(self, i):
        return torch.from_numpy(self.x[i])
"""


def test_data_are_prepared_where_a_dataset_stores_them() -> None:
    assert follow(DATASET, "torch.from_numpy", "stored") == 3
    assert follow("x = torch.from_numpy(raw)\n", "torch.from_numpy", "stored") == 1


def test_numbers_are_read_where_they_first_come_in() -> None:
    read = "raw = np.genfromtxt(path)\nx = torch.from_numpy(raw[:, :2]).float()\n"
    assert follow(read, "torch.from_numpy", "read") == 1
    computed = "raw = np.genfromtxt(path)\nx = torch.tensor(raw - raw.mean())\n"
    assert follow(computed, "torch.tensor", "read") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("out = net(x)\nloss(out.squeeze(1), y)\n", 1),
        ("loss(net(x), y)\n", 1),
        ("loss(x - y)\n", None),
    ],
)
def test_the_call_of_a_model(text: str, expected: int | None) -> None:
    assert follow(text, "loss", "prediction") == expected


def test_no_argument_gives_self() -> None:
    method = "class Runner:\n    def go(self):\n        self.loss(self.net(x), y)\nrunner.go()\n"
    assert follow(method, "self.loss", "prediction") == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with torch.no_grad():\n    h = net(x)\n", 1),
        ("@torch.inference_mode()\ndef predict(x):\n    return net(x)\n", 1),
        ("with open(p) as f:\n    net(x)\n", None),
        ("def test():\n    torch.set_grad_enabled(False)\ntest()\nnet(x)\n", 2),
        ("torch.set_grad_enabled(True)\nnet(x)\n", None),
    ],
)
def test_what_switches_gradients_off(text: str, expected: int | None) -> None:
    assert follow(text, "net", "gradients_off") == expected


def test_what_decides_whether_a_call_runs() -> None:
    assert follow("for i in n:\n    if i % 4:\n        opt.step()\n", "opt.step", "condition") == 2
    assert follow("if n:\n    for i in n:\n        opt.step()\n", "opt.step", "condition") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for epoch in range(9):\n    for x in dl:\n        opt.step()\n", 1),
        ("def fit():\n    for x in dl:\n        opt.step()\nfor i in n:\n    fit()\n", 4),
        (
            "def train():\n    for x in dl:\n        opt.step()\n"
            "while go:\n    model.train()\n    train()\n",
            4,
        ),
        ("opt.step()\n", None),
    ],
)
def test_the_rounds_of_a_training(text: str, expected: int | None) -> None:
    assert follow(text, "opt.step", "rounds") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("out = wide(x)\nout = deep(x)\n", 2),
        ("out = wide(x)\nout = deep(x) + out\n", None),
        ("out = wide(x)\nprint(out)\nout = deep(x)\n", None),
        ("wide(x)\n", None),
    ],
)
def test_what_takes_the_place_of_a_result(text: str, expected: int | None) -> None:
    assert follow(text, "wide", "overwritten") == expected


def test_where_a_root_is_named() -> None:
    assert follow("loss = main\nloss.backward()\n", "loss.backward", "alias") == 1
    assert follow("loss = f(x)\nloss.backward()\n", "loss.backward", "alias") is None


def test_loaders_that_are_shuffled_apart() -> None:
    two = "a = DataLoader(x, shuffle=True)\nb = DataLoader(y, shuffle={})\n"
    walk = "for x, y in zip(a, b):\n    loss(net(x), y)\n"
    assert follow(two.format("True") + walk, "loss", "apart") == 3
    assert follow(two.format("False") + walk, "loss", "apart") is None


def test_a_number_is_handed_on_to_a_layer() -> None:
    block = "class B:\n    def __init__(self, n, p{}):\n        self.d = Dropout(p)\n"
    text = block.format("") + "net = Sequential(B(2, 0.1),\n    B(2, 0.9))\n"
    program = Program(SimpleNamespace(sources={"train.py": Source("train.py", text)}))  # type: ignore[arg-type]
    origins = Origins(program)
    (call,) = [call for call in program.calls if ast.unparse(call.func) == "Dropout"]
    given = origins.handed(call, 0.9)
    assert given is not None
    assert given.lineno == 5
    assert origins.handed(call, 0.5) is None
