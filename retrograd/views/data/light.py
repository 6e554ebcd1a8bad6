"""What is known of a step that was recorded light: one number of each series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording

MOST: Final = 64
"""Series that are read; each of them takes a look at the whole run."""


@dataclass(frozen=True, slots=True)
class LightNumber:
    """One number, named as its series: ``loss``, ``grad_norm/layer.weight``."""

    name: str
    value: float | None  # None where it is not finite


@dataclass(frozen=True, slots=True)
class LightStep:
    """The numbers of one step."""

    step: int
    numbers: tuple[LightNumber, ...]
    more: int  # series that were not read


def light_step(recording: Recording, index: int) -> LightStep:
    """Return what is known of any step. Raises ``RecordingError`` for one that never was."""
    if not 0 <= index < recording.steps:
        raise RecordingError(
            f"{recording.path} has no step {index}: it has steps 0 to {recording.steps - 1}"
        )
    names = recording.series_names
    found = []
    for name in names[:MOST]:
        series = recording.series(name)
        place = int(np.searchsorted(series.steps, index))
        if place < len(series.steps) and series.steps[place] == index:
            number = float(series.values[place])
            if not np.isnan(number) or name == "loss":
                found.append(LightNumber(name, number if np.isfinite(number) else None))
    return LightStep(index, tuple(found), max(0, len(names) - MOST))
