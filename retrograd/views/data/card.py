"""The card of a tensor, for the page to draw: storage, strides, bits, place in the graph."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

import numpy as np

from retrograd.explain.op_title import op_word
from retrograd.explain.provenance_slot import target
from retrograd.explain.symbols import Symbols
from retrograd.explain.tensor_card import TensorCard, card_of
from retrograd.explain.tensor_card_memory import Sharer
from retrograd.explain.tensor_card_precision import Precision
from retrograd.store.elements import Array
from retrograd.store.model import Op, Update
from retrograd.store.step import Step
from retrograd.views.data.elements import ArrayData, array_data
from retrograd.views.data.explanation import MessageData, message_data

PLACES: Final = 64
"""Most places of a storage that are drawn."""
LISTED: Final = 12
"""Most tensors, nodes and events of a list."""


@dataclass(frozen=True, slots=True)
class DimensionData:
    """One dimension: its length, its stride in elements, and what it is for."""

    length: int
    stride: int | None  # None where the layout has none
    role: MessageData | None


@dataclass(frozen=True, slots=True)
class SharerData:
    """Another tensor in the same storage."""

    symbol: str
    slot: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    op: str | None  # that made it, or wrote it
    event: int | None
    written: bool
    overlaps: bool | None


@dataclass(frozen=True, slots=True)
class PrecisionData:
    """What the dtype can hold; numbers as text, because some are larger than JavaScript's."""

    kind: Literal["float", "complex", "integer", "bool"]
    bits: int
    exponent: int
    fraction: int
    smallest: str
    largest: str
    eps: str
    tenth: str | None  # what becomes of 0.1


@dataclass(frozen=True, slots=True)
class GraphStepData:
    """A node on the way from ``grad_fn`` to the leaves."""

    node: str
    depth: int
    leaf: str | None
    seen: bool


@dataclass(frozen=True, slots=True)
class KeptData:
    """A node that keeps the tensor for the backward pass."""

    node: str
    name: str
    freed: int | None  # the event


@dataclass(frozen=True, slots=True)
class UseData:
    """An event that made, read or wrote it."""

    event: int
    what: MessageData
    broadcast: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class CardData:
    """Everything that a tensor is beyond its numbers."""

    symbol: str
    slot: int
    dtype: str
    device: str
    dimensions: tuple[DimensionData, ...]
    offset: int | None  # of the storage, in elements
    item: int | None  # bytes of one element
    contiguous: bool | None
    expanded: tuple[int, ...]
    places: ArrayData | None  # of each element; None where there are too many
    storage: ArrayData | None  # the elements by place; NaN is not known
    view_of: SharerData | None
    sharers: tuple[SharerData, ...]
    precision: PrecisionData | None
    requires_grad: bool | None
    leaf: bool | None
    why: MessageData
    way: tuple[GraphStepData, ...]
    kept: tuple[KeptData, ...]
    writes: tuple[int, ...]  # events; each raised the version counter
    no_grad: MessageData | None  # why there is no .grad
    uses: tuple[UseData, ...]


def card(step: Step, slot: int) -> CardData:
    """Return the card of a recorded value. Raises ``RecordingError``."""
    value, _, about = target(step, slot)
    return _card(step, card_of(step, about, value))


def _card(step: Step, found: TensorCard) -> CardData:
    memory, known, symbols = found.memory, found.autograd, Symbols(step)
    layout = memory.layout
    strided = len(layout.stride) == found.rank
    places = layout.places
    drawn = places is not None and places.size > 0 and int(places.max()) < PLACES
    sharers = [_sharer(sharer, symbols) for sharer in memory.sharers[:LISTED]]
    source = None if memory.made_of is None else memory.made_of.index
    return CardData(
        found.symbol,
        found.value.index,
        found.value.dtype,
        found.value.slot.device,
        tuple(
            [
                DimensionData(
                    dimension.length,
                    layout.stride[axis] if strided else None,
                    None if dimension.role is None else message_data(dimension.role),
                )
                for axis, dimension in enumerate(found.dimensions)
            ]
        ),
        layout.offset,
        memory.item,
        layout.contiguous if strided else None,
        layout.expanded if strided else (),
        _numbers(places) if drawn else None,
        None if memory.storage is None or not drawn else array_data(memory.storage),
        next((sharer for sharer in sharers if sharer.slot == source), None),
        tuple(sharers),
        None if found.precision is None else _precision(found.precision),
        known.requires_grad,
        known.leaf,
        message_data(known.why),
        tuple(
            [
                GraphStepData(item.node.name, item.depth, item.leaf, item.seen)
                for item in known.way[:LISTED]
            ]
        ),
        tuple([KeptData(item.node.name, item.name, item.freed) for item in known.kept[:LISTED]]),
        tuple([event.index for event in known.writes[:LISTED]]),
        None if known.no_grad is None else message_data(known.no_grad),
        tuple(
            [
                UseData(use.event.index, message_data(use.what), use.broadcast)
                for use in found.uses[:LISTED]
            ]
        ),
    )


def _numbers(places: Array | None) -> ArrayData:
    return array_data(np.asarray(places).astype(np.int32))


def _sharer(item: Sharer, symbols: Symbols) -> SharerData:
    event = item.op
    return SharerData(
        symbols.of(item.value),
        item.value.index,
        item.layout.shape,
        item.layout.stride,
        None if event is None else _called(event),
        None if event is None else event.index,
        item.written,
        item.overlaps,
    )


def _called(event: Op | Update) -> str:
    return op_word(event.name)


def _precision(known: Precision) -> PrecisionData:
    floating = known.kind in ("float", "complex")
    tenth: Any = known.rounded(Fraction(1, 10)) if floating else None
    return PrecisionData(
        known.kind,
        known.bits,
        known.exponent,
        known.fraction,
        str(known.smallest),
        str(known.largest),
        str(known.eps) if floating else "",
        None if tenth is None else f"{tenth:f}"[:30],
    )
