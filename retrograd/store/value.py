"""A recorded value: what one tensor, or one Python number, held at one moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrograd.store.elements import Array, decode, item_size
from retrograd.store.errors import RecordingError
from retrograd.store.schema import STATISTICS

if TYPE_CHECKING:
    from retrograd.store.step import Step

_STATISTICS_BYTES = 8 * len(STATISTICS)
_LARGE = 100_000
"""Elements from which on a few of them are read alone."""


class Statistics(NamedTuple):
    """Figures of all elements; min, max, mean, std and norm are those of the finite ones."""

    min: float
    max: float
    mean: float
    std: float
    norm: float
    zeros: int
    nans: int
    infs: int


class Slot(NamedTuple):
    """What the structure says of a value but its place and its name; many values share one.

    ``kind``: *whole* (all elements), *summary* (statistics and a sample), *content* (statistics
    and all elements, shared between steps), *scalar* (a Python number) or *none* (``why``). What
    has a default may be left out of the file; strides that are left out are ``contiguous``.
    """

    kind: str
    size: int
    dtype: str
    shape: tuple[int, ...]
    stride: tuple[int, ...] = ()
    storage_offset: int = 0
    device: str = "cpu"
    requires_grad: bool = False
    leaf: bool = True
    external: bool = False
    parameter: int | None = None
    why: str | None = None
    layout: str | None = None
    sample: tuple[int, int] | None = None

    @property
    def count(self) -> int:  # type: ignore[override]  # nobody counts the fields of a slot
        """Number of elements."""
        return math.prod(self.shape)


def contiguous(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the strides, in elements, of a tensor whose elements lie one after the other."""
    strides: list[int] = []
    step = 1
    for length in reversed(shape):
        strides.insert(0, step)
        step *= max(int(length), 1)
    return tuple(strides)


class Value:
    """One value of one step. Equal only to itself; the elements are read when asked for."""

    def __init__(self, step: Step, index: int, slot: Slot) -> None:
        self.step = step
        self.index = index
        self.slot = slot

    def __repr__(self) -> str:
        shape = "×".join(map(str, self.slot.shape)) or "scalar"
        return f"<Value {self.name or self.index}: {self.slot.dtype} {shape}>"

    @property
    def name(self) -> str | None:
        """What the user calls it, None where nothing does."""
        return self.step.structure.names[self.index]

    @property
    def dtype(self) -> str:
        """PyTorch's name of the dtype, such as ``float32``."""
        return self.slot.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the dimensions; ``()`` for a scalar."""
        return self.slot.shape

    @property
    def _data(self) -> bytes:
        start = self.step.structure.offsets[self.index]
        return self.step.data[start : start + self.slot.size]

    @cached_property
    def array(self) -> Array | None:
        """All elements in the value's shape, None where they were not kept.

        bfloat16 and 8-bit floats are widened to float32; the array is read-only.
        """
        slot = self.slot
        if slot.kind in ("scalar", "whole"):
            data = self._data
        elif slot.kind == "content":
            data = self.step.recording.content(int.from_bytes(self._data[:8], "little"))
        else:
            return None
        size = item_size(slot.dtype)
        if size is None:
            return None
        if len(data) != size * slot.count:
            raise RecordingError(
                f"{self.step.recording.path}: value {self.index} of step {self.step.index} has "
                f"{len(data)} bytes where its shape needs {size * slot.count}; the file is damaged"
            )
        return decode(data, slot.dtype).reshape(slot.shape)

    def part(self, places: Array) -> Array | None:
        """Return the elements at some places, counted in row-major order; None where not kept.

        Of a large value that is shared between steps only these are read, if they are few.
        """
        slot, size = self.slot, item_size(self.slot.dtype)
        alone = slot.kind == "content" and "array" not in self.__dict__ and slot.count > _LARGE
        if not alone or size is None or not places.size or places.size * 64 > slot.count:
            array = self.array
            return None if array is None else array.reshape(-1)[places]
        flat = places.reshape(-1)
        if (flat < 0).any() or (flat >= slot.count).any():
            raise IndexError(f"a place outside of the {slot.count} elements")
        run = flat.size if (np.diff(flat) == 1).all() else 1
        data = self.step.recording.content_parts(
            int.from_bytes(self._data[:8], "little"), (flat[::run] * size).tolist(), run * size
        )
        return decode(data, slot.dtype).reshape(places.shape)

    @property
    def number(self) -> float | None:
        """The single element as a number, None where there is not exactly one, or it is complex."""
        array = self.array
        if array is None or array.size != 1 or array.dtype.kind == "c":
            return None
        return float(array.reshape(-1)[0])

    @cached_property
    def statistics(self) -> Statistics | None:
        """Figures of all elements (magnitudes for complex numbers), None where nothing was kept."""
        if self.slot.kind == "summary":
            packed = self._data[:_STATISTICS_BYTES]
        elif self.slot.kind == "content":
            packed = self._data[8 : 8 + _STATISTICS_BYTES]
        else:
            return None if self.array is None else statistics(self.array)
        numbers = np.frombuffer(packed, dtype="<f8").tolist()
        return Statistics(*numbers[:5], *(_whole_number(n) for n in numbers[5:]))

    @cached_property
    def sample(self) -> tuple[int, Array] | None:
        """(k, every k-th element in row-major order) of a summarised value, else None."""
        slot = self.slot
        if slot.kind != "summary" or slot.sample is None or item_size(slot.dtype) is None:
            return None
        return slot.sample[0], decode(self._data[_STATISTICS_BYTES:], slot.dtype)

    @property
    def elements(self) -> Array | None:
        """All elements, of a summarised value those of its sample; None where none are known."""
        return self.array if self.sample is None else self.sample[1]


def statistics(array: Array) -> Statistics:
    """Return the figures of an array's elements."""
    wide = np.abs(array) if array.dtype.kind == "c" else array
    with np.errstate(invalid="ignore"):  # a signalling NaN stays one
        wide = wide.astype(np.float64).reshape(-1)
    finite = wide[np.isfinite(wide)]
    nans, infs = int(np.isnan(wide).sum()), int(np.isinf(wide).sum())
    zeros = int((wide == 0).sum())
    if not finite.size:
        blank = math.nan
        return Statistics(blank, blank, blank, blank, blank, zeros, nans, infs)
    with np.errstate(over="ignore", invalid="ignore"):
        std = float(finite.std(ddof=1)) if finite.size > 1 else math.nan
        return Statistics(
            float(finite.min()),
            float(finite.max()),
            float(finite.mean()),
            std,
            float(np.linalg.norm(finite)),
            zeros,
            nans,
            infs,
        )


def _whole_number(number: float) -> int:
    return int(number) if math.isfinite(number) else -1
