"""Curves are thinned without losing an extreme, and fast."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from retrograd.store.errors import RecordingError
from retrograd.store.reader import Series
from retrograd.views.data.curves import curves


class Fake:
    """A recording with one series."""

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values, dtype=np.float64)

    def series(self, name: str) -> Series:
        """Return the series."""
        return Series(np.arange(len(self.values)), self.values)


@pytest.mark.parametrize(("count", "points"), [(10, 10), (1000, 7), (999, 100), (5, 2)])
def test_every_extreme_stays(count: int, points: int) -> None:
    values = np.random.default_rng(0).standard_normal(count)
    values[count // 2] = np.nan
    found = curves(Fake(values), ("loss",), 0, count - 1, points)  # type: ignore[arg-type]
    (curve,) = found.curves
    assert len(curve.steps) <= points
    for place, step in enumerate(curve.steps):
        part = values[step : step + found.stride]
        known = part[~np.isnan(part)]
        if known.size:
            assert (curve.low[place], curve.high[place]) == (known.min(), known.max())
        else:
            assert curve.low[place] is None
    assert curve.steps[-1] + found.stride >= count


def test_a_window_holds_its_own_steps() -> None:
    found = curves(Fake(np.arange(100)), ("loss",), 20, 29, 50)  # type: ignore[arg-type]
    assert found.curves[0].steps == tuple(range(20, 30))
    assert found.curves[0].low == tuple(map(float, range(20, 30)))


def test_a_million_steps_are_quick() -> None:
    values = np.random.default_rng(0).standard_normal(1_000_000)
    started = time.perf_counter()
    found = curves(Fake(values), ("loss",), 0, 999_999, 2000)  # type: ignore[arg-type]
    assert time.perf_counter() - started < 0.5
    assert len(found.curves[0].steps) == 2000


def test_a_window_without_steps_is_refused() -> None:
    with pytest.raises(RecordingError):
        curves(Fake([1.0]), ("loss",), 5, 4, 10)  # type: ignore[arg-type]
