"""The way that two elements of the parameters took through the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrograd.explain.provenance_history import element_series
from retrograd.explain.replay_surface import Edges, Element
from retrograd.store.elements import Array
from retrograd.store.reader import Recording
from retrograd.store.step import Step

_READ: Final = 100
"""Most full steps that are read where no series holds the elements."""
_LOOKED: Final = 8
"""Full steps that are read at both ends of the run: one may update one parameter alone."""
_MARGIN: Final = 0.35  # of the way's extent, on every side
_LEAST: Final = 0.05  # of the elements' size, where they hardly move


@dataclass(frozen=True, slots=True)
class Path:
    """Two elements as the forward passes of some steps found them, in order."""

    steps: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]

    def thinned(self, most: int) -> Path:
        """Return at most so many points, the first and the last among them."""
        if len(self.steps) <= most:
            return self
        kept = np.unique(np.linspace(0, len(self.steps) - 1, most).round().astype(int))
        return Path(self.steps[kept], self.first[kept], self.second[kept])


def path(recording: Recording, first: Element, second: Element) -> Path:
    """Return the way of two elements; steps where one of them is not known are left out."""
    pair, full = (first, second), recording.full_steps
    names = [_series(recording, element) for element in pair]
    rows: list[NDArray[np.float64]] = []
    if all(name in recording.series_names for name in names):
        across, up = [recording.series(name) for name in names]
        steps, left, right = np.intersect1d(across.steps, up.steps, return_indices=True)
        # a series says what a step left, and so what the forward pass of the next one found
        rows = [np.column_stack([steps + 1, across.values[left], up.values[right]])]
        full = full[:1] if full[:1] == (0,) else ()
    chosen = full[:: max(1, -(-len(full) // _READ))]
    rows += [np.array([[index, *_found(recording.step(index), pair)]]) for index in chosen]
    table = np.concatenate([np.empty((0, 3)), *rows])
    table = table[np.isfinite(table).all(axis=1)]
    table = table[np.argsort(table[:, 0], kind="stable")]
    return Path(table[:, 0].astype(np.int64), table[:, 1], table[:, 2])


def _series(recording: Recording, element: Element) -> str:
    parameter = recording.parameters[element.parameter]
    index = tuple(int(i) for i in np.unravel_index(element.place, parameter.shape))
    return element_series("value", parameter, index)


def _found(step: Step, pair: tuple[Element, Element]) -> tuple[float, ...]:
    """Return two elements as the step first saw them, NaN where it did not."""
    numbers = _parameters(step, {element.parameter for element in pair})
    return tuple(
        [
            float(numbers[element.parameter][0].reshape(-1)[element.place])
            if element.parameter in numbers
            else np.nan
            for element in pair
        ]
    )


def edges(way: Path, now: tuple[float, float]) -> Edges:
    """Return from where to where a picture goes in each element so that the way is in it."""
    pairs = []
    for values, here in ((way.first, now[0]), (way.second, now[1])):
        known = np.append(values, here)
        known = known[np.isfinite(known)]
        low, high = (known.min(), known.max()) if len(known) else (0.0, 0.0)
        largest = max(abs(low), abs(high)) or 1.0
        size = max(high - low, _LEAST * largest)
        middle, half = (low + high) / 2, size * (0.5 + _MARGIN)
        pairs.append((float(middle - half), float(middle + half)))
    return pairs[0], pairs[1]


def widest(recording: Recording, among: dict[int, Array]) -> tuple[Element, Element] | None:
    """Return the two elements, among some parameters, that the run moved furthest.

    None where there are fewer than two. Without full steps to compare the first two are taken.
    """
    full, numbers = recording.full_steps, set(among)
    before: dict[int, tuple[Array, Array]] = {}
    after: dict[int, tuple[Array, Array]] = {}
    for index in reversed(full[:_LOOKED]):
        before |= _parameters(recording.step(index), numbers)
    for index in full[-_LOOKED:]:
        after |= _parameters(recording.step(index), numbers)
    found: list[tuple[float, Element]] = []
    for number, array in sorted(among.items()):
        moved = np.zeros(array.size)
        if number in before and number in after:
            change = after[number][1].astype(np.float64) - before[number][0]
            moved = np.nan_to_num(np.abs(change).reshape(-1), nan=0.0, posinf=0.0)
        for place in np.argsort(-moved, kind="stable")[:2]:
            found.append((-float(moved[place]), Element(number, int(place))))
    if len(found) < 2:
        return None
    chosen = sorted(element for _, element in sorted(found)[:2])
    return chosen[0], chosen[1]


def _parameters(step: Step, wanted: set[int]) -> dict[int, tuple[Array, Array]]:
    """Return the first and the last numbers of some parameters in a step."""
    found: dict[int, tuple[Array, Array]] = {}
    for value in step.values:
        number = value.slot.parameter
        if number is None or number not in wanted or not value.slot.leaf:
            continue
        array = value.array
        shape = step.recording.parameters[number].shape
        if array is not None and array.dtype.kind == "f" and array.shape == shape:
            found[number] = (found.get(number, (array,))[0], array)
    return found
