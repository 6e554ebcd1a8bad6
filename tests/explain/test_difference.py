"""Two recordings compared: each change of a program is found, at its event and with its kind."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

import retrograd
from retrograd.explain.differences import Difference, compare
from retrograd.explain.differences.gap import of_numbers

BASE = """\
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 1))
X = torch.randn(32, 4)
y = X.sum(1, keepdim=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for step in range(6):
    order = torch.randperm(32)
    batch, target = X[order[:8]], y[order[:8]]
    output = model(batch)
    loss = ((output - target) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

# what is changed in the program -> the kinds of the first parting, of the first other number
CHANGES: dict[str, tuple[tuple[str, str], str | None, str | None, str]] = {
    "seed": (("manual_seed(0)", "manual_seed(1)"), "random", "random", "nn.Linear(4, 8)"),
    "rate": (("lr=0.05", "lr=0.04"), "hyperparameter", "update", "optimizer.step()"),
    "momentum": (("momentum=0.9", "momentum=0.8"), "hyperparameter", "update", "optimizer.step()"),
    "dropout": (("Dropout(0.2)", "Dropout(0.3)"), "argument", "random", "model(batch)"),
    "no dropout": ((" nn.Dropout(0.2),", ""), "structure", "input", "model(batch)"),
    "activation": (("nn.ReLU()", "nn.GELU()"), "structure", "input", "model(batch)"),
    "an extra draw": (
        ("X = ", "torch.rand(1)\nX = "),
        "structure",
        "random",
        "torch.rand(1)",
    ),
    "layers made in another order": (
        (
            "model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 1))",
            "last = nn.Linear(8, 1)\nmodel = nn.Sequential("
            "nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), last)",
        ),
        "structure",
        "random",
        "nn.Linear",
    ),
    "data": (("y = X", "X = X.flip(0)\ny = X"), "structure", "input", "X.flip(0)"),
    "precision": (
        ("torch.manual_seed", "torch.set_default_dtype(torch.float64)\ntorch.manual_seed"),
        "dtype",
        "random",
        "nn.Linear(4, 8)",
    ),
    "an op that does nothing": (
        ("model(batch)", "model(batch).view(-1, 1)"),
        "structure",
        None,
        "view",
    ),
    "the same loss in another way": (
        ("((output - target) ** 2).mean()", "nn.functional.mse_loss(output, target)"),
        "structure",
        None,
        "output",
    ),
    "more steps": (("range(6)", "range(9)"), "length", None, ""),
    "other names and lines": (("output", "prediction"), None, None, ""),
}


def record(folder: Path, name: str, text: str, *options: str) -> Path:
    """Run a program and return its recording."""
    script, path = folder / f"{name}.py", folder / f"{name}.retro"
    script.write_text(text)
    words = ["run", "--quiet", *(options or ("--budget", "all")), "--out", str(path), str(script)]
    subprocess.run(
        [sys.executable, "-m", "retrograd", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("base"), "base", BASE)


@contextmanager
def compared(one: Path, other: Path, rtol: float = 0.0) -> Iterator[Difference]:
    with retrograd.load(one) as first, retrograd.load(other) as second:
        yield compare(first, second, rtol)


def test_the_same_script_twice(base: Path, tmp_path: Path) -> None:
    with compared(base, record(tmp_path, "again", BASE)) as found:
        assert found.equal
        assert found.first is None
        assert found.full == tuple(range(6))
        assert all(not growth.listed() for growth in found.growths)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change(name: str, base: Path, tmp_path: Path) -> None:
    (old, new), kind, number, expression = CHANGES[name]
    assert old in BASE
    with compared(base, record(tmp_path, "changed", BASE.replace(old, new))) as found:
        part = found.part
        assert (None if part is None else part.kind) == kind
        assert (None if found.first is None else found.first.kind) == number
        assert found.equal == (kind is None)
        assert found.same_numbers == (number is None)
        if part is not None and kind != "length":
            assert part.step == 0
            sites = [event.site for event in (part.first, part.second) if event is not None]
            assert any(site is not None and expression in site.expression for site in sites)
        loss = found.growth("loss")
        assert loss is not None
        assert bool(loss.listed()) == (number is not None)


def test_rounding_is_followed(base: Path, tmp_path: Path) -> None:
    """Where it first shows, and where it has grown past the tolerance."""
    text = BASE.replace("output = ", "batch = batch * 1.0000001\n    output = ")
    other = record(tmp_path, "rounding", text)
    with compared(base, other, 1e-9) as tight, compared(base, other, 1e-3) as loose:
        assert tight.first is not None
        assert tight.first.step == 0
        assert tight.first.gap is not None
        assert tight.first.gap.rounding
        assert tight.beyond is tight.first
        assert loose.beyond is None
        assert loose.first is not None
        assert loose.same_numbers
        assert [m.id for m in loose.causes(loose.first)][-1] == "diff-cause-rounding"


def test_light_steps_tell_as_much_as_they_hold(base: Path, tmp_path: Path) -> None:
    same = record(tmp_path, "same", BASE, "--steps", "0,4")
    with compared(base, same) as found:
        assert found.equal
        assert found.full == (0, 4)
    later = BASE.replace("optimizer.step()", "optimizer.step()\n    if step == 2: y += 1")
    other = record(tmp_path, "later", later, "--steps", "0,5")
    with compared(base, other) as found:
        assert found.part is not None
        assert (found.part.kind, found.part.step) == ("curve", 3)


def test_shuffled_data_are_recognised(tmp_path: Path) -> None:
    text = """\
import torch
from data import X
w = torch.ones(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for batch in X:
    (w * batch).sum().backward()
    optimizer.step()
"""
    paths = []
    for name, order in (
        ("one", "[[1., 2., 3.], [4., 5., 6.]]"),
        ("two", "[[3., 1., 2.], [6., 5., 4.]]"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "data.py").write_text(f"import torch\nX = torch.tensor({order})\n")
        paths.append(record(folder, "train", text))
    with compared(*paths) as found:
        assert found.part is not None
        assert found.part.kind == "data"
        assert found.part.gap is not None
        assert found.part.gap.reordered


def test_a_recording_cut_short(base: Path, tmp_path: Path) -> None:
    """What it holds is compared; that it ends is no difference."""
    cut = BASE.replace(
        "optimizer.step()",
        "optimizer.step()\n    if step == 3:\n        import os, time\n"
        "        time.sleep(1)\n        os.kill(os.getpid(), 9)",
    )
    other = record(tmp_path, "cut", cut)
    with compared(base, other) as found:
        assert found.other.steps == 4
        assert not found.other.complete
        assert found.equal


def test_a_planted_bit(base: Path, tmp_path: Path) -> None:
    """The smallest change of one recorded number is seen, at its step."""
    other = tmp_path / "planted.retro"
    shutil.copy(base, other)
    with closing(sqlite3.connect(other)) as database, database:
        (data,) = database.execute("SELECT data FROM full_step WHERE step = 3").fetchone()
        changed = bytearray(data)
        changed[-4] ^= 1
        database.execute("UPDATE full_step SET data = ? WHERE step = 3", (bytes(changed),))
    with compared(base, other) as found:
        assert found.first is not None
        assert found.first.step == 3
        assert found.first.gap is not None
        assert found.first.gap.differing == 1


@pytest.mark.parametrize(
    ("one", "other", "relative"),
    [(1.0, 1.0, None), (1.0, 1.5, 1 / 3), (0.0, 1e-30, 1.0), (np.nan, np.nan, None)],
)
def test_numbers(one: float, other: float, relative: float | None) -> None:
    found = of_numbers(one, other, 2.0**-23)
    assert (None if found is None else found.relative) == pytest.approx(relative)


def test_a_nan_on_one_side() -> None:
    found = of_numbers(np.nan, 1.0, 2.0**-23)
    assert found is not None
    assert found.absolute == np.inf
    assert not found.rounding
