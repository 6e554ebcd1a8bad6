"""The ``%%retrograd`` cell magic, in a shell as a notebook has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

import retrograd
from retrograd.store.model import Update
from retrograd.store.reader import Recording

TRAINING = """
import torch
weight = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    loss = weight.square().sum()
    loss.backward()
    optimizer.step()
loss.item()
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell in an empty folder, with the extension loaded as a user loads it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shell = InteractiveShell()
    shell.history_manager.enabled = False  # it would write to a database of its own
    shell.run_line_magic("load_ext", "retrograd")
    yield shell
    shell.history_manager.end_session()


def run(shell: InteractiveShell, line: str, cell: str) -> Recording | None:
    """Run a cell under the magic and return what the magic returned."""
    result: Recording | None = shell.run_cell_magic("retrograd", line, cell)
    return result


def test_a_cell_is_recorded(shell: InteractiveShell, tmp_path: Path) -> None:
    """The recording comes back, is the variable ``recording``, and names the cell's variables."""
    recording = run(shell, "--budget all", TRAINING)
    assert recording is not None
    assert shell.user_ns["recording"] is recording
    assert (tmp_path / "run.retro").exists()
    assert recording.complete
    assert recording.full_steps == (0, 1, 2)
    assert [parameter.name for parameter in recording.parameters] == ["weight"]
    assert shell.user_ns["weight"].tolist() == pytest.approx([0.8**3] * 2)
    site = next(event.site for event in recording.step(1).events if event.site is not None)
    assert site.line is not None
    assert site.expression
    assert "weight.square()" in recording.sources[site.path].text
    recording.close()


def test_the_options(shell: InteractiveShell, tmp_path: Path) -> None:
    """File, which steps, what to keep."""
    recording = run(shell, "'my run.retro' --steps 1 --keep 'weight'", TRAINING)
    assert recording is not None
    assert Path(recording.path) == tmp_path / "my run.retro" or recording.path == "my run.retro"
    assert recording.full_steps == (1,)
    assert [e.parameter for e in recording.step(1).events if isinstance(e, Update)] == [0]
    recording.close()


def test_a_cell_that_fails(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    """The error shows as always; what ran before it is recorded, and the error too."""
    recording = run(shell, "--budget all", f"{TRAINING}\nraise ValueError('mine')")
    assert recording is not None
    assert "ValueError" in capsys.readouterr().out
    assert recording.steps == 3
    (incident,) = [incident for incident in recording.incidents if incident.kind == "exception"]
    assert incident.detail["type"] == "ValueError"
    assert recording.meta["exit"] == {"kind": "exception", "type": "ValueError"}
    recording.close()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--colour blue", "--colour"),
        ("--budget much", "give a percentage such as 10%"),
        ("--steps 5-1", "write 1-5"),
        ("'unclosed", "No closing quotation"),
    ],
)
def test_a_wrong_option(
    line: str,
    said: str,
    shell: InteractiveShell,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line, nothing runs, no file."""
    assert run(shell, line, "ran = True") is None
    out, error = capsys.readouterr()
    assert said in out + error
    assert (out + error).count("\n") == 1
    assert "ran" not in shell.user_ns
    assert not list(tmp_path.glob("*.retro"))


def test_a_place_that_cannot_be_written(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cell runs unrecorded."""
    assert run(shell, "missing/run.retro", "ran = True") is None
    assert shell.user_ns["ran"] is True
    assert "the program runs unrecorded" in capsys.readouterr().err


def test_the_magic_is_the_documented_extension() -> None:
    """``%load_ext retrograd`` calls this."""
    assert callable(retrograd.load_ipython_extension)
