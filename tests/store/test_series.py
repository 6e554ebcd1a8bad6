"""Series: whatever is appended, in whatever pieces, is read back bit for bit."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retrograd
from retrograd.store.errors import RecordingError
from retrograd.store.schema import CHUNK_STEPS
from retrograd.store.writer import Column, Writer

NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=64, allow_subnormal=False)


@st.composite
def appends(draw: st.DrawFn) -> list[dict[str, Column]]:
    """Batches of several series; a series may begin late, pause, or be constant."""
    batches = []
    for _ in range(draw(st.integers(1, 6))):
        count = draw(st.sampled_from([1, 2, 7, 500, CHUNK_STEPS - 1, CHUNK_STEPS, 2500]))
        seed = draw(st.integers(0, 2**32 - 1))
        names = draw(st.sets(st.sampled_from("abc"), min_size=1))
        batch = {}
        for name in sorted(names):
            if draw(st.booleans()):
                numbers = np.full(count, draw(NUMBERS))
            else:
                numbers = np.random.default_rng(seed).standard_normal(count)
                numbers[draw(st.integers(0, count - 1))] = draw(NUMBERS)
            batch[name] = numbers
        batches.append(batch)
    return batches


@settings(max_examples=40, deadline=None)
@given(appends(), st.booleans())
def test_what_is_appended_is_read_back(batches: list[dict[str, Column]], closed: bool) -> None:
    """Across chunks and tails, NaN where a series had nothing, before and after closing."""
    truth: dict[str, list[Column]] = {}
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.retro"
        writer = Writer(path)
        for batch in batches:
            count = len(next(iter(batch.values())))
            for name in truth.keys() | batch.keys():
                have = truth.setdefault(name, [np.full(total, np.nan)])
                have.append(batch.get(name, np.full(count, np.nan)))
            writer.begin()
            writer.series(total, {name: (None, column) for name, column in batch.items()})
            writer.commit()
            total += count
        if closed:
            writer.close()
        with retrograd.load(path) as recording:
            assert set(recording.series_names) == set(truth)
            for name, pieces in truth.items():
                wanted = np.full(total, np.nan)
                series = recording.series(name)
                assert (np.diff(series.steps) > 0).all()
                wanted[series.steps] = series.values
                expected = np.concatenate(pieces)
                assert same_bits(wanted, expected), name
        if not closed:
            writer.abandon()


def same_bits(one: Column, other: Column) -> bool:
    """Compare numbers as bits, every NaN alike."""
    both = [np.where(np.isnan(column), np.nan, column).view("<u8") for column in (one, other)]
    return bool((both[0] == both[1]).all())


@settings(max_examples=40, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=30), st.booleans())
def test_sql_reads_the_same_numbers(numbers: list[float], constant: bool) -> None:
    """The view for people with plain SQL undoes the packing exactly."""
    if constant:
        numbers = [numbers[0]] * len(numbers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.retro"
        writer = Writer(path)
        writer.begin()
        writer.series(0, {"loss": (None, np.array(numbers))})
        writer.commit()
        for _ in range(2):  # in the tail, then in a chunk
            database = sqlite3.connect(path)
            rows = database.execute("SELECT step, loss FROM loss ORDER BY step").fetchall()
            database.close()
            assert [step for step, _ in rows] == list(range(len(numbers)))
            got = np.array([np.nan if loss is None else loss for _, loss in rows], dtype=float)
            assert same_bits(got + 0.0, np.array(numbers) + 0.0)
            if writer is not None:
                writer.close()
                writer = None  # type: ignore[assignment]


def test_a_constant_chunk_is_one_number(tmp_path: Path) -> None:
    """A learning rate that does not change costs nothing."""
    writer = Writer(tmp_path / "run.retro")
    writer.begin()
    writer.series(0, {"learning_rate": (None, np.full(10 * CHUNK_STEPS, 0.1))})
    writer.commit()
    writer.close()
    database = sqlite3.connect(tmp_path / "run.retro")
    sizes = [size for (size,) in database.execute("SELECT length(data) FROM series_chunk")]
    database.close()
    assert sizes == [8] * 10


def test_a_million_steps_are_a_thousand_rows(tmp_path: Path) -> None:
    """Long series cost 8 bytes a number and next to nothing besides."""
    path = tmp_path / "run.retro"
    writer = Writer(path)
    empty = path.stat().st_size
    numbers = np.random.default_rng(0).standard_normal(1_000_000)
    writer.begin()
    writer.series(0, {"loss": (None, numbers)})
    writer.commit()
    writer.close()
    assert path.stat().st_size - empty < 1.6 * numbers.nbytes
    with retrograd.load(path) as recording:
        assert (recording.series("loss").values == numbers).all()


def test_a_name_that_is_not_there(tmp_path: Path) -> None:
    """The error lists what there is."""
    writer = Writer(tmp_path / "run.retro")
    writer.begin()
    writer.series(0, {"loss": (None, np.zeros(3))})
    writer.commit()
    writer.close()
    with (
        retrograd.load(tmp_path / "run.retro") as recording,
        pytest.raises(RecordingError, match=r"no series 'losss'; it has loss"),
    ):
        recording.series("losss")
