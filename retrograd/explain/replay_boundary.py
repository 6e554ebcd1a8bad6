"""What a model predicts over a grid of inputs: the decision boundary, or the fitted curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from retrograd.explain.replay import FAILED, NoReplay
from retrograd.explain.replay_roles import Roles
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.step import Step

SIZES: Final = (60, 40, 28, 20, 12, 8)
"""Points along a side; the finest that the work allows is taken."""
CURVE: Final = 160
"""Points of a curve over one feature."""

_CALLS: Final = 6000  # evaluations of an op that a picture may take
_ELEMENTS: Final = 6e6  # elements that it may compute
_MARGIN: Final = 0.18  # of the data's extent, on every side
_CLASSES: Final = 12


Kind = Literal["threshold", "classes", "value"]
Edges = tuple[tuple[float, float], ...]
"""Least and greatest number of each feature."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Recorded inputs, one row each, with what should come out for each of them."""

    points: Array
    targets: Array | None  # a number for each example, the class where there are classes


@dataclass(frozen=True, slots=True)
class Boundary:
    """Predictions over a grid of inputs.

    ``kind``: *threshold* (one number, divided halfway between the targets of two classes),
    *classes* (how probable the most probable of several is), or *value* (one number as it is).
    ``values`` has the second feature from low to high in rows and the first one in columns; over
    one feature it has one row. Scores that the loss puts through a sigmoid come as probabilities.
    """

    kind: Kind
    edges: Edges
    values: Array
    winners: Array | None  # the most probable of the classes
    predicted: Array  # for the step's own examples: the number, or the most probable class
    pair: tuple[float, float] | None  # the targets of two classes


def examples(roles: Roles, step: Step) -> Examples | None:
    """Return the examples of a step of the same structure, None where they were not kept."""
    points = step.values[roles.input.index].array
    if points is None:
        return None
    targets = None if roles.target is None else step.values[roles.target.index].array
    return Examples(roles.layout.points(points), _targets(roles, targets))


def _targets(roles: Roles, array: Array | None) -> Array | None:
    """Return one number for each example, None where the target has another form."""
    rows, outputs = roles.layout.rows, roles.outputs
    if array is None or array.dtype.kind == "c":
        return None
    if array.size == rows:
        flat = array.reshape(rows).astype(np.float64)
        whole = (flat == np.round(flat)).all() and flat.min() >= 0 and flat.max() < outputs
        return flat if outputs == 1 or whole else None
    if outputs > 1 and array.size == rows * outputs:
        table = array.reshape(rows, outputs)
        if (table >= 0).all() and np.allclose(table.sum(axis=1), 1.0):
            return np.asarray(table.argmax(axis=1), dtype=np.float64)
    return None


def boundary(roles: Roles, seen: Sequence[Examples], finest: int = SIZES[0]) -> Boundary:
    """Return what is predicted around the examples that were seen.

    Raises ``NoReplay`` where the model predicts several numbers that are not classes.
    """
    edges = _edges(seen)
    labels = [each.targets for each in seen if each.targets is not None]
    targets = np.concatenate(labels) if labels else np.empty(0)
    if len(edges) == 1:
        shape, points = (1, CURVE), np.linspace(*edges[0], CURVE)[:, None]
    else:
        size = _size(roles, finest)
        across, up = np.linspace(*edges[0], size), np.linspace(*edges[1], size)
        shape, points = (size, size), np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    if roles.outputs > 1 and (not targets.size or roles.outputs > _CLASSES):
        raise NoReplay(message("model-why-outputs", count=roles.outputs))
    try:
        values, winners = _read(roles, roles.predict(points))
    except FAILED as error:
        raise NoReplay(message("model-why-failed", reason=str(error)[:120])) from error
    own, own_winners = _read(roles, roles.predicted)
    pair = None if winners is not None else _two_classes(roles, targets)
    kind: Kind = "classes" if winners is not None else "value" if pair is None else "threshold"
    return Boundary(
        kind,
        edges,
        values.reshape(shape),
        None if winners is None else winners.reshape(shape),
        own if own_winners is None else own_winners,
        pair,
    )


def _read(roles: Roles, scores: Array) -> tuple[Array, Array | None]:
    """Return predictions as they are read, and the most probable classes where there are some."""
    if roles.outputs > 1:
        chances = _softmax(scores)
        return chances.max(axis=1), chances.argmax(axis=1)
    values = scores.reshape(len(scores))
    if "binary_cross_entropy_with_logits" in roles.reader.name:
        with np.errstate(over="ignore"):
            values = 1 / (1 + np.exp(-values))
    return values, None


def _edges(seen: Iterable[Examples]) -> Edges:
    """Return from where to where the picture goes in each feature."""
    points = np.concatenate([each.points for each in seen]).astype(np.float64)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        raise NoReplay(message("model-why-not-finite"))
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.where(high > low, high - low, np.maximum(1.0, np.abs(high)))
    pairs = zip(low - _MARGIN * size, high + _MARGIN * size, strict=True)
    return tuple([(float(first), float(last)) for first, last in pairs])


def _two_classes(roles: Roles, targets: Array) -> tuple[float, float] | None:
    """Return the targets of two classes, None where the targets are no classes."""
    if "binary_cross_entropy" in roles.reader.name:
        return 0.0, 1.0
    different = np.unique(targets)
    if len(different) == 2 and (different == np.round(different)).all():
        return float(different[0]), float(different[1])
    return None


def _softmax(scores: Array) -> Array:
    """Return probabilities; those of logarithms of probabilities are these probabilities."""
    with np.errstate(all="ignore"):
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _size(roles: Roles, finest: int) -> int:
    plan = roles.replay.plan(frozenset([roles.input.index]), roles.prediction.index)
    numbers = roles.replay.numbers
    each = sum(numbers[slot].size for call in plan for slot in call.outputs if slot in numbers)
    for size in SIZES:
        points = size * size
        calls = -(-points // roles.chunk) * len(plan)
        work = points * each / roles.layout.rows
        if size <= finest and calls <= _CALLS and work <= _ELEMENTS:
            return size
    return min(finest, SIZES[-1])
