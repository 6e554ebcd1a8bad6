"""The model view: what the model predicts around its data, and the loss around its parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.explain.replay import NoReplay, Replay
from retrograd.explain.replay_boundary import SIZES as BOUNDARY_SIZES
from retrograd.explain.replay_boundary import Boundary, Examples, Kind, boundary, examples
from retrograd.explain.replay_path import edges, path, widest
from retrograd.explain.replay_roles import Roles
from retrograd.explain.replay_surface import SIZES as SURFACE_SIZES
from retrograd.explain.replay_surface import Element, elements, surface
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.errors import RecordingError
from retrograd.store.model import BackwardCall
from retrograd.store.reader import Recording
from retrograd.store.step import Step
from retrograd.views.data.elements import ArrayData, array_data
from retrograd.views.data.explanation import CheckData, MessageData, check_data, message_data

_EARLIER: Final = 64
"""Full steps that are looked through for the forward pass before a step that has none."""
_SAMPLED: Final = 24
_SAMPLED_SLOWLY: Final = 8
"""Full steps over the run from which examples are gathered."""
_EXAMPLES: Final = 600
_POINTS: Final = 600
"""Most points of the path."""
_LEVELS: Final = 254  # of a packed grid; 255 stands for what is not finite
_COARSE_BOUNDARY: Final = 40
_COARSE_SURFACE: Final = 25
"""Points along a side where size matters."""


@dataclass(frozen=True, slots=True)
class GridData:
    """Numbers over a rectangle, the second axis from low to high in rows.

    float32, or one byte each: ``low`` + byte/254 · (``high`` − ``low``), and 255 for what is not
    finite.
    """

    across: tuple[float, float]
    up: tuple[float, float] | None  # None over one feature
    values: ArrayData
    low: float  # least and greatest finite number
    high: float


@dataclass(frozen=True, slots=True)
class ExamplesData:
    """Inputs, one row each, and what should come out."""

    points: ArrayData
    targets: ArrayData | None


@dataclass(frozen=True, slots=True)
class BoundaryData:
    """What the model predicts over its inputs."""

    kind: Kind
    input: str  # the user's name for it
    grid: GridData
    winners: ArrayData | None  # the most probable of the classes
    pair: tuple[float, float] | None  # the targets of two classes
    classes: int  # 0 where there are none
    examples: ExamplesData  # of this step
    predicted: ArrayData  # for each of them: the number, or the most probable class
    right: int | None  # how many of all are on the right side
    count: int
    error: float | None  # mean distance from the target, where there are no classes


@dataclass(frozen=True, slots=True)
class ModelData:
    """The model as the forward pass of a step had it."""

    step: int  # the one asked for, or the last one before it with a forward pass
    boundary: BoundaryData | None
    why: MessageData | None  # why there is no boundary
    check: CheckData | None  # the loss, computed anew, against PyTorch's


@dataclass(frozen=True, slots=True)
class AxisData:
    """One element of a parameter, and where it stands."""

    parameter: int
    place: int  # in row-major order
    now: float | None


@dataclass(frozen=True, slots=True)
class SurfaceData:
    """The loss over two elements, all else as the step had it."""

    step: int
    parameters: tuple[int, ...]  # that can be chosen from
    axes: tuple[AxisData, ...]  # across and up; none where there are not two elements
    grid: GridData | None
    why: MessageData | None  # why there is no grid
    loss: float | None


@dataclass(frozen=True, slots=True)
class PathData:
    """Two elements as the forward passes of some steps found them."""

    steps: tuple[int, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]


def model(recording: Recording, index: int, *, packed: bool = False) -> ModelData:
    """Return the prediction over all inputs at a step; ``packed`` is coarser and small."""
    step = _with_forward(recording, index)
    check: CheckData | None = None
    drawn: BoundaryData | None = None
    why: MessageData | None = None
    try:
        replay = Replay(step)
        check = check_data(replay.check())
        roles = Roles(replay)
        own = examples(roles, step) or Examples(roles.recorded, None)
        finest = _COARSE_BOUNDARY if packed else BOUNDARY_SIZES[0]
        found = boundary(roles, [*_seen(recording, roles), own], finest)
        drawn = _boundary(roles, found, own, packed)
    except NoReplay as error:
        why = message_data(error.why)
    return ModelData(step.index, drawn, why, check)


def gathered(recording: Recording, index: int) -> ExamplesData:
    """Return the examples of steps over the whole run, each of them once.

    Raises ``RecordingError`` where the step has none.
    """
    try:
        roles = Roles(Replay(_with_forward(recording, index)))
    except NoReplay as error:
        raise RecordingError(f"step {index} has no examples to draw: {error}") from error
    found = list(_seen(recording, roles))
    features = roles.layout.features
    rows = np.concatenate([each.points for each in found] or [np.empty((0, features))])
    labels = [each.targets for each in found if each.targets is not None]
    if labels and len(labels) == len(found):
        rows = np.column_stack([rows, np.concatenate(labels)])
    once = np.unique(rows, axis=0)
    if len(once) > _EXAMPLES:
        once = once[np.linspace(0, len(once) - 1, _EXAMPLES).astype(int)]
    return _examples(Examples(once[:, :features], once[:, -1] if labels else None))


def loss_surface(
    recording: Recording,
    index: int,
    chosen: tuple[Element, Element] | None = None,
    *,
    packed: bool = False,
) -> SurfaceData:
    """Return the loss over two elements of the parameters, by default those that move furthest.

    Raises ``RecordingError`` for elements that are not there.
    """
    step = _with_forward(recording, index)
    known: dict[int, Array] = {}
    axes: tuple[AxisData, ...] = ()
    grid: GridData | None = None
    why: MessageData | None = None
    loss: float | None = None
    try:
        replay = Replay(step)
        known, loss = elements(replay), replay.numbers[replay.loss.index].item()
        pair = chosen or widest(recording, known)
        if pair is None:
            raise NoReplay(message("model-why-one-element"))
        first, second = [_axis(known, element) for element in pair]
        axes = (first, second)
        way = path(recording, *pair)
        limits = edges(way, (first.now or 0.0, second.now or 0.0))
        finest = _COARSE_SURFACE if packed else SURFACE_SIZES[0]
        values = surface(replay, *pair, limits, finest)
        grid = _grid(limits[0], limits[1], values, packed)
    except NoReplay as error:
        why = message_data(error.why)
    if loss is not None and not math.isfinite(loss):
        loss = None
    return SurfaceData(step.index, tuple(known), axes, grid, why, loss)


def pair_of(first: int, place: int, second: int, other: int) -> tuple[Element, Element]:
    """Return two elements from the numbers and places of their parameters."""
    return Element(first, place), Element(second, other)


def way(recording: Recording, first: Element, second: Element) -> PathData:
    """Return the way of two elements through the run, thinned where it is long."""
    for element in (first, second):
        if not 0 <= element.parameter < len(recording.parameters):
            raise RecordingError(f"there is no parameter {element.parameter}")
        if element.place >= math.prod(recording.parameters[element.parameter].shape):
            raise RecordingError(f"parameter {element.parameter} has no element {element.place}")
    found = path(recording, first, second).thinned(_POINTS)
    return PathData(
        tuple(found.steps.tolist()), tuple(found.first.tolist()), tuple(found.second.tolist())
    )


def _with_forward(recording: Recording, index: int) -> Step:
    """Return a step with a backward pass: the one asked for, else the last one before it.

    Updates by hand, one parameter after the other, make steps without a forward pass.
    """
    step = recording.step(index)
    earlier = [each for each in recording.full_steps if each < index]
    for before in reversed([*earlier[-_EARLIER:], index]):
        candidate = step if before == index else recording.step(before)
        if any(isinstance(event, BackwardCall) for event in candidate.events):
            return candidate
    return step


def _seen(recording: Recording, roles: Roles) -> Iterator[Examples]:
    """Yield the examples of steps that are spread over the run."""
    own = roles.replay.step.structure.id
    for index in _spread(recording, own):
        step = recording.step(index)
        same: Roles | None = roles
        if step.structure.id != own:
            try:
                same = Roles(Replay(step))
            except NoReplay:
                same = None
        if same is not None and same.name == roles.name:
            found = examples(same, step)
            if found is not None and found.points.shape[1] == roles.layout.features:
                yield found


def _spread(recording: Recording, structure: int) -> tuple[int, ...]:
    """Return steps to gather examples from: fewer where each has a graph of its own."""
    full = recording.full_steps
    chosen = full[:: max(1, len(full) // _SAMPLED)]
    own = [index for index in chosen if recording.structure_of(index) == structure]
    return chosen if 2 * len(own) > len(chosen) else chosen[:: _SAMPLED // _SAMPLED_SLOWLY]


def _axis(known: Mapping[int, Array], element: Element) -> AxisData:
    numbers = known.get(element.parameter)
    if numbers is None or not 0 <= element.place < numbers.size:
        raise NoReplay(message("model-why-no-element"))
    now = float(numbers.reshape(-1)[element.place])
    return AxisData(element.parameter, element.place, now if math.isfinite(now) else None)


def _boundary(roles: Roles, found: Boundary, own: Examples, packed: bool) -> BoundaryData:
    up = found.edges[1] if len(found.edges) > 1 else None
    right, error = _score(found, own.targets)
    kept = np.linspace(0, len(own.points) - 1, min(len(own.points), _EXAMPLES)).astype(int)
    shown = Examples(own.points[kept], None if own.targets is None else own.targets[kept])
    return BoundaryData(
        found.kind,
        roles.name,
        _grid(found.edges[0], up, found.values, packed),
        None if found.winners is None else array_data(found.winners.astype(np.uint8)),
        found.pair,
        roles.outputs if found.winners is not None else 0,
        _examples(shown),
        _narrow(found.predicted[kept]),
        right,
        len(own.points),
        error,
    )


def _score(found: Boundary, targets: Array | None) -> tuple[int | None, float | None]:
    """Return how many predictions are on the right side, or how far off they are on average."""
    if targets is None:
        return None, None
    if found.kind == "classes":
        return int((found.predicted == targets).sum()), None
    if found.pair is not None:
        middle = sum(found.pair) / 2
        return int(((found.predicted > middle) == (targets > middle)).sum()), None
    error = float(np.abs(found.predicted - targets).mean())
    return None, error if math.isfinite(error) else None


def _examples(found: Examples) -> ExamplesData:
    targets = None if found.targets is None else _narrow(found.targets)
    return ExamplesData(_narrow(found.points), targets)


def _narrow(array: Array) -> ArrayData:
    with np.errstate(over="ignore"):
        return array_data(array.astype(np.float32))


def _grid(
    across: tuple[float, float], up: tuple[float, float] | None, values: Array, packed: bool
) -> GridData:
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    finite = np.isfinite(narrow)
    low, high = (narrow[finite].min(), narrow[finite].max()) if finite.any() else (0.0, 0.0)
    low, high = float(low), float(high)
    if packed:
        share = (np.where(finite, narrow, low) - low) / ((high - low) or 1.0)
        narrow = np.where(finite, np.round(share * _LEVELS), 255).astype(np.uint8)
    return GridData(across, up, array_data(narrow), low, high)
