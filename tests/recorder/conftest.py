"""What the tests of the recorder share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

import retrograd
from retrograd.store.reader import Recording


class Watch(Protocol):
    """Runs a training while recording it, and opens what was recorded."""

    def __call__(self, train: Callable[[], object], **options: Any) -> Recording:
        """Record ``train()``, every step in full where the options say nothing else."""


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """A function that records a training and returns the open recording."""
    opened: list[Recording] = []

    def run(train: Callable[[], object], **options: Any) -> Recording:
        options.setdefault("budget", "all")
        with retrograd.record(tmp_path / "run.retro", **options) as recording:
            train()
        assert recording.result is not None
        assert recording.result.failure is None
        opened.append(retrograd.load(recording.path))
        return opened[-1]

    yield run
    for read in opened:
        read.close()
