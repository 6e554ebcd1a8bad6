"""``retrograd.record``: which file it writes, and what it does where it cannot."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import torch
from torch import nn

import retrograd
from recorder.bits import only, same
from recorder.conftest import Watch
from retrograd.recorder.policy import PolicyError
from retrograd.store.model import Op, Update


def train(steps: int = 2) -> None:
    """A few steps of something."""
    weight = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        weight.square().sum().backward()
        optimizer.step()


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    """A name that is taken gets a number; what was there stays as it was."""
    paths = []
    for _ in range(3):
        with retrograd.record(tmp_path / "run.retro") as recording:
            train()
        paths.append(Path(recording.path))
    assert [path.name for path in paths] == ["run.retro", "run-2.retro", "run-3.retro"]
    paths[1].write_text("mine")
    with retrograd.record(str(paths[1])) as recording:
        train()
    assert Path(recording.path).name == "run-2-2.retro"
    assert paths[1].read_text() == "mine"


def test_the_default_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``run.retro`` in the directory where one is, without side files."""
    monkeypatch.chdir(tmp_path)
    with retrograd.record():
        train()
    assert [path.name for path in tmp_path.iterdir()] == ["run.retro"]


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    """A link that points nowhere is a name that is taken too."""
    (tmp_path / "run.retro").symlink_to(tmp_path / "elsewhere")
    with retrograd.record(tmp_path / "run.retro") as recording:
        train()
    assert Path(recording.path).name == "run-2.retro"
    assert not (tmp_path / "elsewhere").exists()


def test_a_recording_inside_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The inner one says that it is none; the outer one misses nothing."""
    with retrograd.record(tmp_path / "outer.retro", budget="all") as outer:
        train(1)
        with retrograd.record(tmp_path / "inner.retro") as inner:
            train(2)
        train(3)
    assert inner.result is None
    assert not Path(inner.path).exists()
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"already recording to {outer.path}" in error
    with retrograd.load(outer.path) as read:
        assert read.full_steps == tuple(range(6))
        assert read.complete


def test_one_recording_after_another(watch: Watch) -> None:
    """Everything that the first one put into PyTorch is gone."""
    untouched = (torch.autograd._engine_run_backward, nn.Module._call_impl, torch.optim.SGD.step)
    assert watch(train).steps == 2
    assert watch(lambda: train(5)).steps == 5
    now = (torch.autograd._engine_run_backward, nn.Module._call_impl, torch.optim.SGD.step)
    assert now == untouched


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The program runs unrecorded, and one line says why."""
    with retrograd.record(tmp_path / "missing" / "run.retro") as recording:
        train()
    assert recording.result is None
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "cannot record" in error
    assert "unrecorded" in error


def test_a_wrong_option_is_an_error_at_once() -> None:
    """Before anything runs."""
    with pytest.raises(PolicyError):
        retrograd.record(budget="much")


def large() -> nn.Sequential:
    """A model whose weights are too large to be kept unasked."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(80, 80), nn.Linear(80, 80))


def one_step(model: nn.Module) -> dict[str, torch.Tensor]:
    """Train one step and return what the parameters were before."""
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.randn(3, 80)).square().sum().backward()
    optimizer.step()
    return before


def test_keep_matches_names(watch: Watch) -> None:
    """Only what a pattern names is kept whole; the others carry an even sample.

    In the first step nothing is left out: names are found at its end.
    """
    model = large()
    before: dict[str, torch.Tensor] = {}

    def go() -> None:
        one_step(model)
        before.update(one_step(model))

    recording = watch(go, keep="1.*")
    for update in only(recording.step(0), Update):
        assert update.before is not None
        assert update.before.array is not None
    kept, left = {}, {}
    for update in only(recording.step(1), Update):
        name = recording.parameters[update.parameter].name
        (left if update.before is None or update.before.array is None else kept)[name] = update
    assert set(left) == {"0.weight"}
    assert set(kept) == {"0.bias", "1.weight", "1.bias"}
    assert same(kept["1.weight"].before, before["1.weight"])
    assert same(kept["1.weight"].after, model[1].weight)
    value = left["0.weight"].before
    assert value is not None
    assert value.sample is not None
    stride, sample = value.sample
    assert len(sample) == 64
    assert sample.tolist() == before["0.weight"].reshape(-1)[::stride][:64].tolist()


def test_keep_everything(watch: Watch) -> None:
    """A star keeps what is no parameter as well."""
    grown = torch.randn(100, 100)

    def forward() -> None:
        weight = torch.ones(100, 1, requires_grad=True)
        (grown @ weight).sum().backward()

    recording = watch(forward, keep=["*"])
    assert recording.unfinished is not None
    product = only(recording.step(recording.unfinished), Op)
    multiplied = next(op for op in product if op.name == "aten::mm")
    assert same(multiplied.arguments["self"], grown)  # type: ignore[arg-type]


def test_a_kept_value_that_does_not_change_is_stored_once(watch: Watch) -> None:
    """Ten steps with a frozen weight: its bytes are in the file one time."""
    model = large()
    model[0].weight.requires_grad_(False)

    def go() -> None:
        for _ in range(10):
            one_step(model)

    recording = watch(go, keep="0.weight")
    pieces = sqlite3.connect(recording.path).execute("SELECT data FROM content").fetchall()
    whole = model[0].weight.detach().numpy().tobytes()
    assert [data for (data,) in pieces].count(whole) == 1
