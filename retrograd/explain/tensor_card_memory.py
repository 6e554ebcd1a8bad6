"""Where a tensor's elements lie in its storage, and which tensors of the step share that storage.

The recording holds each value's strides. Which values share a storage follows from the ops: a
view lies in the memory of what it was made of, an op in place writes where its argument was. The
offset into the storage is worked out from the op that made the view.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.explain.slices import VIEWS
from retrograd.store.elements import Array, item_size
from retrograd.store.model import Argument, Op, Update
from retrograd.store.step import Step
from retrograd.store.value import Value

_FARTHEST: Final = 1 << 53
"""Places beyond are no memory of any machine; a damaged file may name them."""
_LOOKED_AT: Final = 4096
"""Most elements of a tensor whose places are looked at one by one."""
# in PyTorch's schemas these are no views, but their result lies in the same memory
_SHARING: Final = VIEWS | {"lift_fresh", "_unsafe_view", "unsafe_split", "unsafe_split_with_sizes"}
_STARTING_THERE: Final = _SHARING - {
    *("select", "slice", "narrow", "split", "split_with_sizes", "unbind"),
    *("unsafe_split", "unsafe_split_with_sizes"),
}
_RETYPING: Final = {"view_as_real", "view_as_complex", "view.dtype"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How an index becomes a place: ``offset`` plus each index times its stride, in elements."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int | None  # None where it is not known

    @property
    def known(self) -> bool:
        """Whether every place can be computed."""
        if self.offset is None or len(self.stride) != len(self.shape):
            return False
        pairs = zip(self.shape, self.stride, strict=True)
        return self.offset + sum(length * step for length, step in pairs) < _FARTHEST

    @property
    def places(self) -> Array | None:
        """The place of every element in the tensor's shape, None where unknown or too many."""
        if not self.known or math.prod(self.shape) > _LOOKED_AT:
            return None
        return place_of(self, np.indices(self.shape))

    def corner(self, rows: int, columns: int) -> Array | None:
        """Return the places of the first rows and columns of the last two dimensions.

        Other dimensions are at index 0. None where the places are unknown.
        """
        if not self.known:
            return None
        limits = (rows, columns)[-len(self.shape) :] if self.shape else ()
        lengths = [min(n, most) for n, most in zip(self.shape[-2:], limits, strict=True)]
        last = Layout(tuple(lengths), self.stride[-2:], self.offset)
        return place_of(last, np.indices(last.shape))

    @property
    def contiguous(self) -> bool:
        """Whether the elements lie one after the other in row-major order."""
        expected = 1
        for length, step in zip(reversed(self.shape), reversed(self.stride), strict=True):
            if length != 1 and step != expected:
                return 0 in self.shape
            expected *= length
        return True

    @property
    def expanded(self) -> tuple[int, ...]:
        """The dimensions along which every index reads the same elements."""
        pairs = zip(self.shape, self.stride, strict=True)
        return tuple([axis for axis, (length, step) in enumerate(pairs) if not step and length > 1])


def place_of(layout: Layout, index: Array) -> Array:
    """Return the places of indices; the first dimension of ``index`` is the tensor's axes."""
    strides = np.array(layout.stride, np.int64).reshape(-1, *[1] * (index.ndim - 1))
    return np.asarray((layout.offset or 0) + (strides * index).sum(axis=0))


@dataclass(frozen=True, slots=True)
class Sharer:
    """Another value in the same storage.

    ``op`` made it, out of another value there, or by writing (``written``). ``overlaps`` is None
    where it is not known whether both read the same elements.
    """

    value: Value
    layout: Layout
    op: Op | Update | None
    written: bool
    overlaps: bool | None


@dataclass(frozen=True, slots=True)
class Memory:
    """The storage of one value."""

    layout: Layout
    item: int | None  # bytes of one element
    made_of: Value | None  # what it is a view of
    view: Op | None  # the op that made the view
    sharers: tuple[Sharer, ...]
    storage: Array | None  # the elements of the storage by place, as far as the tensor's last one


class Storages:
    """Which values of a step lie in which storage."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self._root: dict[int, int] = {}
        self._layouts: dict[int, Layout] = {}
        self.made: dict[int, Op | Update] = {}  # by value: the view, or what wrote it
        self._source: dict[int, Value] = {}
        self._written: set[int] = set()
        self._members: dict[int, list[Value]] = {}
        for source, result, event, written in _links(step):
            self._link(source, result, event, written)

    def _link(self, source: Value, result: Value, event: Op | Update, written: bool) -> None:
        if result.index in self._root or result.index == source.index:
            return
        root = self._root.setdefault(source.index, source.index)
        self._members.setdefault(root, [source]).append(result)
        self._root[result.index] = root
        self._source[result.index] = source
        self.made[result.index] = event
        if written:
            self._written.add(result.index)
        base = self.layout(source)
        offset = base.offset
        if not written and isinstance(event, Op):
            offset = _offset(event, base, event.outputs.index(result))
        slot = result.slot
        stride = base.stride if written and base.shape == slot.shape else slot.stride
        self._layouts[result.index] = Layout(slot.shape, stride, offset)

    def layout(self, value: Value) -> Layout:
        """Return how a value lies in its storage."""
        slot = value.slot
        known = self._layouts.get(value.index)
        return known or Layout(slot.shape, slot.stride, slot.storage_offset)

    def together(self, value: Value) -> list[Value]:
        """Return all values in a value's storage, itself among them, in the order of the step."""
        root = self._root.get(value.index)
        return [value] if root is None else self._members[root]

    def writes(self, value: Value) -> tuple[Op | Update, ...]:
        """Return the events that wrote into a value's storage, in order."""
        own = [self.made[v.index] for v in self.together(value) if v.index in self._written]
        return tuple(sorted(own, key=lambda event: event.index))

    def memory(self, value: Value) -> Memory:
        """Return the storage of a value."""
        layout = self.layout(value)
        made = self.made.get(value.index)
        viewed = made if isinstance(made, Op) and value.index not in self._written else None
        return Memory(
            layout,
            item_size(value.dtype),
            self._source.get(value.index) if viewed is not None else None,
            viewed,
            tuple([self._sharer(v, value) for v in self.together(value) if v is not value]),
            self._storage(value, layout),
        )

    def _sharer(self, other: Value, value: Value) -> Sharer:
        layout = self.layout(other)
        ours, theirs = self.layout(value).places, layout.places
        overlaps = None
        if ours is not None and theirs is not None and other.dtype == value.dtype:
            overlaps = bool(np.isin(ours, theirs).any())
        written = other.index in self._written
        return Sharer(other, layout, self.made.get(other.index), written, overlaps)

    def _storage(self, value: Value, layout: Layout) -> Array | None:
        """Return what the storage holds, as far as this value's step shows it; NaN elsewhere.

        Only values are asked that no write separates from this one.
        """
        places = layout.places
        if places is None or value.array is None or value.array.dtype.kind == "c":
            return None
        size = int(places.max(initial=-1)) + 1
        if size > _LOOKED_AT:
            return None
        found = np.full(size, np.nan)
        for other in self._at_the_same_time(value):
            where = self.layout(other).places
            if where is None or other.array is None or other.dtype != value.dtype:
                continue
            inside = where < size
            found[where[inside]] = other.array.astype(np.float64)[inside]
        return found

    def _at_the_same_time(self, value: Value) -> Iterator[Value]:
        """Yield what lies in the storage with no write between it and a value."""
        writes = 0
        times: dict[int, list[Value]] = {}
        for other in self.together(value):
            writes += other.index in self._written
            times.setdefault(writes, []).append(other)
        for group in times.values():
            if any(other is value for other in group):
                yield from group


def _links(step: Step) -> Iterator[tuple[Value, Value, Op | Update, bool]]:
    """Yield (what was there, what lies in its memory now, the event, whether it was written)."""
    for event in step.events:
        if isinstance(event, Update) and event.before is not None and event.after is not None:
            yield event.before, event.after, event, True
        if not isinstance(event, Op):
            continue
        if event.mutates:
            for name, output in zip(event.mutates, event.outputs, strict=False):
                source = event.arguments.get(name)
                if isinstance(source, Value) and output is not None:
                    yield source, output, event, True
        elif event.name.removeprefix("aten::").partition(".")[0] in _SHARING:
            source = event.arguments.get("self")
            for output in event.outputs:
                if isinstance(source, Value) and output is not None:
                    yield source, output, event, False


def _offset(op: Op, base: Layout, position: int) -> int | None:
    """Return where in the storage a view starts, None where it is not known."""
    kind, _, overload = op.name.removeprefix("aten::").partition(".")
    if not base.known or base.offset is None or {kind, f"{kind}.{overload}"} & _RETYPING:
        return None
    if kind == "as_strided":
        given = op.arguments.get("storage_offset")
        return given if isinstance(given, int) else base.offset
    if kind == "diagonal":
        first, second = (_axis(op.arguments.get(name), base) for name in ("dim1", "dim2"))
        along = op.arguments.get("offset")
        if first is None or second is None or not isinstance(along, int):
            return None
        return base.offset + (
            along * base.stride[second] if along > 0 else -along * base.stride[first]
        )
    started = _start(op, kind, base, position)
    if started is None:
        return base.offset if kind in _STARTING_THERE else None
    axis, start = started
    return base.offset + start * base.stride[axis]


def _start(op: Op, kind: str, base: Layout, position: int) -> tuple[int, int] | None:
    """Return the dimension that a view cuts and the index at which it starts."""
    axis = _axis(op.arguments.get("dim"), base)
    if axis is None:
        return None
    length = base.shape[axis]
    start: Argument = None
    if kind == "select":
        start = op.arguments.get("index")
    elif kind in ("slice", "narrow"):
        start = op.arguments.get("start") or 0
    elif kind == "unbind":
        start = position
    elif kind in ("split", "unsafe_split"):
        size = op.arguments.get("split_size")
        start = position * size if isinstance(size, int) else None
    elif kind in ("split_with_sizes", "unsafe_split_with_sizes"):
        sizes = op.arguments.get("split_sizes")
        if isinstance(sizes, tuple) and all(isinstance(size, int) for size in sizes):
            start = sum(size for size in sizes[:position] if isinstance(size, int))
    if not isinstance(start, int):
        return None
    return axis, min(max(start + length if start < 0 else start, 0), length)


def _axis(given: Argument, base: Layout) -> int | None:
    if not isinstance(given, int) or not -len(base.shape) <= given < len(base.shape):
        return None
    return given % len(base.shape)
