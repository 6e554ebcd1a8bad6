"""What each training example brought to one element of a parameter's gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.check import Status
from retrograd.explain.engine import check_node
from retrograd.explain.precision import PRECISIONS
from retrograd.explain.provenance_pass import Pass, Unexplained
from retrograd.explain.samples_batch import Batch, sizes
from retrograd.explain.samples_flow import SHARED, WHOLE, Flow
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.model import Accumulation
from retrograd.store.value import Value

Index = tuple[int, ...]
_ADDS_UP: Final = 1e-9
"""How near the parts must add up to the whole, relative to the sum of their sizes."""


@dataclass(frozen=True, slots=True)
class Input:
    """What an example brought in: one slice of the data, None where it was not kept."""

    name: str | None
    values: Array | None
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One example's part of a gradient element."""

    example: int
    amount: Any  # a float, complex for a complex parameter
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """A gradient element as the sum over the examples of one backward pass, largest first.

    ``rest`` is what no single example brought, such as a penalty on the weights. ``difference`` is
    how far all of them together are from ``recorded``, PyTorch's own number.
    """

    number: int  # of the backward pass
    size: int
    shares: tuple[Share, ...]
    rest: Any
    recorded: Any
    difference: float
    flow: Flow

    @property
    def sum(self) -> Any:
        """All shares and the rest together."""
        return sum((share.amount for share in self.shares), start=self.rest)


@dataclass(frozen=True, slots=True)
class NotSplit:
    """Why a backward pass's gradient could not be told apart by examples."""

    number: int
    reason: Message


def shares(through: Pass, parameter: int, index: Index) -> Shares | NotSplit:
    """Split one element of what a pass added to a parameter's ``.grad``."""
    try:
        flow = per_example(through, parameter)
        return _shares(flow, parameter, index)
    except Unexplained as error:
        return NotSplit(through.call.number, error.message)


def per_example(through: Pass, parameter: int) -> Flow:
    """Split what a pass added to a parameter's ``.grad``. Raises ``Unexplained``."""
    failure: Unexplained | None = None
    for size in sizes(through):
        for interleaved in (False, True):
            try:
                flow = Flow(through, Batch(through, size), parameter, interleaved)
            except Unexplained as error:
                failure = failure or error
                continue
            if _by_examples(flow):
                _verify(flow)
                return flow
            break  # it was not split at all: another layout changes nothing
    raise failure or Unexplained(message("why-no-batch"))


def example_array(flow: Flow, example: int) -> Array:
    """Return one example's part of the whole gradient, or that of ``SHARED`` or ``WHOLE``."""
    part = flow.parts.get(example)
    return np.zeros_like(flow.parts[WHOLE]) if part is None else part


def _by_examples(flow: Flow) -> bool:
    """Return whether the gradient was split, and by examples rather than by features."""
    own = [part for example, part in flow.parts.items() if example >= 0]
    if not own or flow.batch.size == 1 or flow.batch.clear:
        return bool(own)
    return bool((sum((part != 0).astype(int) for part in own) > 1).any())


def _verify(flow: Flow) -> None:
    """Raise where the parts do not add up, or the nodes that made them are not as recorded."""
    parts = [part for example, part in flow.parts.items() if example != WHOLE]
    gap = np.abs(sum(parts) - flow.parts[WHOLE])
    if not (gap <= _ADDS_UP * sum(np.abs(part) for part in parts)).all():
        raise Unexplained(message("why-does-not-add-up"))
    for run in flow.left_at:
        check = check_node(flow.through.step, run)
        if check.status is Status.WRONG:
            name = flow.through.step.nodes[run.node].name
            raise Unexplained(message("why-node-wrong", node=name))


def _shares(flow: Flow, parameter: int, index: Index) -> Shares:
    number = flow.through.call.number
    recorded = sum(_element(a, index) for a in flow.through.contributions(parameter))
    inputs = flow.batch.inputs()
    found = [
        Share(
            example,
            example_array(flow, example)[index].item(),
            tuple([_slice(value, axis, example) for value, axis in inputs]),
        )
        for example in range(flow.batch.size)
    ]
    found.sort(key=lambda share: -abs(share.amount))
    rest = example_array(flow, SHARED)[index].item()
    total = sum((share.amount for share in found), start=rest)
    _near(flow, parameter, recorded, total, sum(abs(share.amount) for share in found) + abs(rest))
    return Shares(
        number, flow.batch.size, tuple(found), rest, recorded, abs(total - recorded), flow
    )


def _near(flow: Flow, parameter: int, recorded: Any, total: Any, scale: float) -> None:
    dtype = flow.through.step.recording.parameters[parameter].dtype
    precision = PRECISIONS.get(dtype, PRECISIONS["float32"])
    worst = max([scale, *[float(np.abs(p).max(initial=0.0)) for p in flow.parts.values()]])
    if not abs(total - recorded) <= precision.roundings * precision.rounding * worst:
        raise Unexplained(message("why-does-not-add-up"))


def _element(accumulation: Accumulation, index: Index) -> Any:
    value = accumulation.contribution
    array = None if value is None else value.array
    if array is None:
        raise Unexplained(message("why-not-kept", name=".grad"))
    return array[index].item()


def _slice(value: Value, axis: int, example: int) -> Input:
    array = value.array
    shape = value.shape[:axis] + value.shape[axis + 1 :]
    return Input(value.name, None if array is None else np.take(array, example, axis), shape)
