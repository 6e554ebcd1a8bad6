"""A few elements of a large value are read without the rest, and are the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
import torch

import retrograd
from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.store.value import Value


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording with a parameter of 400 × 300 elements, kept whole."""
    path = tmp_path_factory.mktemp("part") / "large.retro"
    weight = torch.randn(400, 300, requires_grad=True)
    with retrograd.record(path, budget="all", keep="*"):
        weight.square().sum().backward()
    return path


def of_weight(path: Path) -> Value:
    """Return the value of the parameter, nothing of it read yet."""
    recording = load(path)
    step = recording.step(recording.unfinished or 0)
    return next(v for op in step.ops for v in op.arguments.values() if isinstance(v, Value))


@pytest.mark.parametrize(
    "places",
    [
        np.arange(900, 1200),
        np.arange(400) * 300 + 7,
        np.asarray([[119_999, 0], [5, 5]]),
        np.zeros((0,), int),
        np.arange(120_000),
    ],
    ids=["a row", "a column", "anywhere", "none", "all"],
)
def test_the_same_elements(places: np.ndarray, large: Path) -> None:
    """Alone, or from all elements once these were read."""
    value = of_weight(large)
    alone = value.part(places)
    whole = value.array
    assert alone is not None and whole is not None
    assert np.array_equal(alone, whole.reshape(-1)[places])
    again = value.part(places)
    assert again is not None and np.array_equal(again, alone)
    value.step.recording.close()


def test_outside(large: Path, tmp_path: Path) -> None:
    """A place that is not there, and a file that holds less than its shape says."""
    value = of_weight(large)
    with pytest.raises(IndexError):
        value.part(np.asarray([120_000]))
    value.step.recording.close()
    short = tmp_path / "short.retro"
    short.write_bytes(large.read_bytes())
    with sqlite3.connect(short) as database:
        database.execute("UPDATE content SET data = substr(data, 1, 1000) WHERE length(data) > 9e4")
    damaged = of_weight(short)
    with pytest.raises(RecordingError, match="damaged"):
        damaged.part(np.arange(119_000, 119_100))
    damaged.step.recording.close()
