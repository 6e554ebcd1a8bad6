"""The loss over two elements of the parameters, all else as recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.explain.replay import FAILED, NoReplay, Replay, is_parameter
from retrograd.messages.message import message
from retrograd.store.elements import Array

SIZES: Final = (33, 25, 17, 11)
"""Points along a side; the finest that the work allows is taken."""

_CALLS: Final = 12_000  # evaluations of an op that a picture may take
_ELEMENTS: Final = 4e7  # elements that it may compute


@dataclass(frozen=True, order=True, slots=True)
class Element:
    """One element of a parameter, counted in row-major order."""

    parameter: int
    place: int


Edges = tuple[tuple[float, float], tuple[float, float]]


def elements(replay: Replay) -> dict[int, Array]:
    """Return the parameters that the loss depends on, with their numbers."""
    found: dict[int, Array] = {}
    for slot in replay.leaves:
        number = replay.values[slot].slot.parameter
        if is_parameter(replay.values[slot]) and number is not None:
            numbers = replay.numbers[slot]
            if numbers.dtype.kind == "f" and numbers.size:
                found[number] = numbers
    return found


def surface(
    replay: Replay, first: Element, second: Element, edges: Edges, finest: int = SIZES[0]
) -> Array:
    """Return the loss where two elements go through their edges, ``second`` in rows.

    Raises ``NoReplay`` where the loss does not depend on them, or computing it takes too long.
    """
    slots = {each: replay.parameter_slots(each.parameter) for each in (first, second)}
    for each, holding in slots.items():
        if not holding or not 0 <= each.place < replay.numbers[holding[0]].size:
            raise NoReplay(message("model-why-no-element"))
    given = {slot: replay.numbers[slot].copy() for holding in slots.values() for slot in holding}
    size = _size(replay, frozenset(given), finest)
    found = np.empty((size, size))
    try:
        for row, high in enumerate(np.linspace(*edges[1], size)):
            for slot in slots[second]:
                given[slot].reshape(-1)[second.place] = high
            for column, across in enumerate(np.linspace(*edges[0], size)):
                for slot in slots[first]:
                    given[slot].reshape(-1)[first.place] = across
                found[row, column] = replay.evaluate(given, replay.loss.index).item()
    except FAILED as error:
        raise NoReplay(message("model-why-failed", reason=str(error)[:120])) from error
    return found


def _size(replay: Replay, given: frozenset[int], finest: int) -> int:
    plan = replay.plan(given, replay.loss.index)
    numbers = replay.numbers
    each = sum(numbers[slot].size for call in plan for slot in call.outputs if slot in numbers)
    for size in SIZES:
        if size <= finest and size * size * max(len(plan) / _CALLS, each / _ELEMENTS) <= 1:
            return size
    raise NoReplay(message("model-why-too-large"))
