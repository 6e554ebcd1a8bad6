"""A file that is still being written: read at any moment, it is whole."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import retrograd
from retrograd.store.errors import RecordingError
from retrograd.store.schema import CHUNK_STEPS, FORMAT_VERSION
from retrograd.store.writer import Writer


def append(writer: Writer, first: int, count: int) -> None:
    """Write the next steps of two series."""
    numbers = np.arange(first, first + count, dtype=np.float64)
    writer.begin()
    writer.series(first, {"loss": (None, numbers), "learning_rate": (None, numbers * 2)})
    writer.meta({"steps": first + count, "pid": os.getpid(), "ended": None, "complete": False})
    writer.commit()


def test_each_commit_is_seen_by_a_new_reader(tmp_path: Path) -> None:
    """What was committed is there, what was not is not."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    for first in range(0, 3000, 300):
        append(writer, first, 300)
        with retrograd.load(path) as recording:
            assert recording.steps == first + 300
            assert recording.live
            assert not recording.complete
            assert recording.series("loss").values.tolist() == list(range(first + 300))
    writer.begin()
    writer.series(3000, {"loss": (None, np.zeros(5))})
    with retrograd.load(path) as recording:
        assert len(recording.series("loss").values) == 3000
    writer.rollback()
    writer.close()


def test_an_open_reader_is_never_torn(tmp_path: Path) -> None:
    """A chunk that closes between two questions neither doubles nor loses a step."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    append(writer, 0, CHUNK_STEPS - 10)
    with retrograd.load(path) as recording:
        assert len(recording.series("loss").values) == CHUNK_STEPS - 10
        append(writer, CHUNK_STEPS - 10, 20)
        for name, factor in (("loss", 1), ("learning_rate", 2)):
            series = recording.series(name)
            assert series.steps.tolist() == list(range(CHUNK_STEPS + 10))
            assert (series.values == series.steps * factor).all()
    writer.close()


def test_the_writer_ends_while_somebody_reads(tmp_path: Path) -> None:
    """An open reader keeps nobody from finishing the file, and can go on reading."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    append(writer, 0, 100)
    with retrograd.load(path) as recording:
        assert len(recording.series("loss").values) == 100
        append(writer, 100, 100)
        writer.close()
        assert len(recording.series("loss").values) == 200
    with retrograd.load(path) as recording:
        assert len(recording.series("loss").values) == 200


def test_a_closed_file_is_one_file(tmp_path: Path) -> None:
    """Nothing lies beside it, and it opens where nothing can be written."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    append(writer, 0, 10)
    writer.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.retro"]


def test_a_run_that_was_killed(tmp_path: Path) -> None:
    """The log beside the file belongs to it: with it, everything committed is there."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    append(writer, 0, 100)
    dead = tmp_path / "dead"
    dead.mkdir()
    for name in ("run.retro", "run.retro-wal"):
        (dead / name).write_bytes((tmp_path / name).read_bytes())
    writer.close()
    with retrograd.load(dead / "run.retro") as recording:
        assert recording.series("loss").values.tolist() == list(range(100))
        assert not recording.complete


def test_a_file_of_a_newer_version(tmp_path: Path) -> None:
    """The error says which version, and what to do."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    append(writer, 0, 10)
    writer.close()
    data = bytearray(path.read_bytes())
    data[60:64] = (FORMAT_VERSION + 1).to_bytes(4, "big")  # SQLite's user_version
    path.write_bytes(data)
    with pytest.raises(RecordingError, match=f"format {FORMAT_VERSION + 1}.*update retrograd"):
        retrograd.load(path)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file(share: float, tmp_path: Path) -> None:
    """Data, or one clear error that names the file; never a wrong number."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    append(writer, 0, 20_000)
    writer.close()
    os.truncate(path, int(path.stat().st_size * share))
    with pytest.raises(RecordingError, match=r"run\.retro"), retrograd.load(path) as recording:
        for name in recording.series_names:
            values = recording.series(name).values
            assert len(values) == 20_000
        raise RecordingError(f"{path} was read whole")


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0", b"\x89PNG" * 100])
def test_another_file(content: bytes, tmp_path: Path) -> None:
    """What is no recording is called so, with its name."""
    path = tmp_path / "run.retro"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"run\.retro"):
        retrograd.load(path)


def test_no_file_and_a_directory(tmp_path: Path) -> None:
    """The two mistakes that people make with paths."""
    with pytest.raises(RecordingError, match="does not exist"):
        retrograd.load(tmp_path / "run.retro")
    with pytest.raises(RecordingError, match="is a directory"):
        retrograd.load(tmp_path)
