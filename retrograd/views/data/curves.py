"""Curves over the steps, thinned so that a million steps stay smooth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording, Series


@dataclass(frozen=True, slots=True)
class Curve:
    """One series in a window of steps.

    Where the window holds more steps than were asked for, each point stands for an equal number
    of neighbouring steps, and ``low`` and ``high`` are the extremes there.
    """

    name: str
    steps: tuple[int, ...]  # the first step of each point
    low: tuple[float | None, ...]  # None where nothing finite was recorded
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Some series in one window of steps."""

    first: int
    last: int  # inclusive
    stride: int  # steps in each point
    curves: tuple[Curve, ...]


def curves(
    recording: Recording, names: tuple[str, ...], first: int, last: int, points: int
) -> Curves:
    """Return series in a window, with at most ``points`` points each.

    Raises ``RecordingError`` for a window without steps, or a name that is not there.
    """
    if not 0 <= first <= last or points < 2:
        raise RecordingError(f"no window from step {first} to {last} with {points} points")
    stride = max(1, -(-(last - first + 1) // points))
    return Curves(
        first,
        last,
        stride,
        tuple([_curve(name, recording.series(name), first, last, stride) for name in names]),
    )


def _curve(name: str, series: Series, first: int, last: int, stride: int) -> Curve:
    start, end = np.searchsorted(series.steps, [first, last + 1])
    steps, values = series.steps[start:end], series.values[start:end]
    values = np.where(np.isfinite(values), values, np.nan)
    if stride == 1:
        numbers = _numbers(values)
        return Curve(name, tuple(steps.tolist()), numbers, numbers)
    if not steps.size:
        return Curve(name, (), (), ())
    places = (steps - first) // stride
    starts = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
    low = np.fmin.reduceat(values, starts)  # fmin and fmax pass over NaN
    high = np.fmax.reduceat(values, starts)
    return Curve(name, tuple(steps[starts].tolist()), _numbers(low), _numbers(high))


def _numbers(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple([None if np.isnan(number) else number for number in values.tolist()])
