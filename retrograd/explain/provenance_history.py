"""One element of a parameter over the whole run: where it began, and what moved it most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrograd.store.model import Parameter
from retrograd.store.reader import Recording

Index = tuple[int, ...]
_READ: Final = 400
"""Most full steps that are read where no series holds the element."""


@dataclass(frozen=True, slots=True)
class Move:
    """What one step did to the element."""

    step: int
    before: float
    after: float

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class History:
    """An element's way through the run.

    ``steps`` and ``values`` are what it was after each known step; ``first`` is where it began,
    before step 0, None where that is not known. ``every_step`` says whether no step is missing.
    """

    first: float | None
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    moves: tuple[Move, ...]  # largest first
    every_step: bool

    def after(self, step: int) -> float | None:
        """Return the element after a step, None where it is not known."""
        place = np.flatnonzero(self.steps == step)
        return None if not place.size else float(self.values[place[0]])


def history(recording: Recording, parameter: Parameter, index: Index) -> History | None:
    """Return the history of one element, None where nothing is known of it or it is complex."""
    name = element_series("value", parameter, index)
    if parameter.dtype.startswith("complex"):
        return None
    moves = list(_full_moves(recording, parameter, index, 1 if _has(recording, name) else _READ))
    first = moves[0].before if moves and moves[0].step == 0 else None
    if _has(recording, name):
        series = recording.series(name)
        known = ~np.isnan(series.values)
        steps, values = series.steps[known], series.values[known]
        starts = np.concatenate([[np.nan if first is None else first], values[:-1]])
        follows = np.concatenate([[steps[:1].tolist() == [0]], np.diff(steps) == 1])
        moves = [
            Move(int(steps[i]), float(starts[i]), float(values[i]))
            for i in np.flatnonzero(follows & ~np.isnan(starts))
        ]
    else:
        steps = np.array([move.step for move in moves], np.int64)
        values = np.array([move.after for move in moves], np.float64)
    if not len(steps):
        return None
    moves.sort(key=lambda move: -abs(move.change))
    return History(first, steps, values, tuple(moves), len(steps) == recording.steps)


def _has(recording: Recording, name: str) -> bool:
    return name in recording.series_names


def element_series(kind: str, parameter: Parameter, index: Index) -> str:
    """Return the name of the series of one element: *value* after each step, or *grad*."""
    return f"{kind}/{parameter.name}" + (f"[{','.join(map(str, index))}]" if index else "")


@dataclass(frozen=True, slots=True)
class Light:
    """What a light step still says of a parameter's element; None where it does not."""

    before: float | None
    gradient: float | None  # .grad when the step was over
    learning_rate: float | None  # where the run has only one
    after: float | None


def light(recording: Recording, parameter: Parameter, index: Index, step: int) -> Light:
    """Return what the series say of one element at one step."""
    value = element_series("value", parameter, index)
    past = history(recording, parameter, index) if step == 0 else None
    return Light(
        at_step(recording, value, step - 1) if past is None else past.first,
        at_step(recording, element_series("grad", parameter, index), step),
        at_step(recording, "learning_rate", step) if _one_group(recording) else None,
        at_step(recording, value, step),
    )


def _one_group(recording: Recording) -> bool:
    """Return whether one optimizer updates all parameters with the same options."""
    optimizers = recording.meta.get("optimizers") or []
    return len(optimizers) == 1 and optimizers[0].get("groups") == 1


def at_step(recording: Recording, name: str, step: int) -> float | None:
    """Return a series' number at a step, None where there is none."""
    if not _has(recording, name):
        return None
    series = recording.series(name)
    found = series.values[(series.steps == step) & ~np.isnan(series.values)]
    return float(found[0]) if found.size else None


def _full_moves(recording: Recording, parameter: Parameter, index: Index, limit: int) -> list[Move]:
    """Return what full steps did to the element, of evenly chosen ones where there are many."""
    listed = recording.full_steps
    if len(listed) > limit:
        chosen = np.unique(np.linspace(0, len(listed) - 1, limit).astype(int)).tolist()
        listed = tuple([listed[i] for i in chosen])
    slots: dict[int, tuple[int, int] | None] = {}
    found = []
    for number in listed:
        structure = recording.structure_of(number)
        step = recording.step(number)
        if structure not in slots:
            own = [u for u in step.updates if u.parameter == parameter.id]
            before, after = (own[0].before, own[-1].after) if own else (None, None)
            slots[structure] = (
                None if before is None or after is None else (before.index, after.index)
            )
        places = slots[structure]
        if places is None:
            continue
        before_array, after_array = (step.values[place].array for place in places)
        if before_array is not None and after_array is not None:
            found.append(Move(number, float(before_array[index]), float(after_array[index])))
    return found
