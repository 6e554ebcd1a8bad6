"""A row or a column of a Jacobian, in the shape of the tensor that it runs over."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from retrograd.store.elements import Array

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A tensor that is zero outside of a box, so that a large one costs only its box."""

    shape: tuple[int, ...]
    corner: Index  # of the box: its first element
    values: Array  # the elements of the box

    @property
    def count(self) -> int:
        """Number of elements, zeros included."""
        return prod(self.shape)

    @property
    def nonzero(self) -> int:
        """Number of elements that are not zero."""
        return int(np.count_nonzero(self.values))

    @property
    def whole(self) -> bool:
        """Whether the box is the tensor."""
        return self.values.shape == self.shape

    @property
    def dense(self) -> Array:
        """Every element."""
        if self.whole:
            return self.values
        found = np.zeros(self.shape, self.values.dtype)
        found[self._box] = self.values
        return found

    @property
    def _box(self) -> tuple[slice, ...]:
        ends = zip(self.corner, self.values.shape, strict=True)
        return tuple([slice(start, start + length) for start, length in ends])

    def at(self, index: Index) -> complex | float:
        """Return one element."""
        place = tuple([i - start for i, start in zip(index, self.corner, strict=True)])
        lengths = zip(place, self.values.shape, strict=True)
        inside = all(0 <= i < length for i, length in lengths)
        found: complex | float = self.values[place].item() if inside else 0.0
        return found


def line(array: Array) -> Line:
    """Return an array as a line, with the smallest box."""
    if array.ndim == 0 or not array.size:
        return Line(array.shape, (0,) * array.ndim, array)
    places = np.nonzero(array)
    if not places[0].size:
        corner = (0,) * array.ndim
        return Line(array.shape, corner, array[tuple([slice(0, 1)] * array.ndim)])
    corner = tuple([int(place.min()) for place in places])
    ends = [int(place.max()) + 1 for place in places]
    box = tuple([slice(start, end) for start, end in zip(corner, ends, strict=True)])
    return Line(array.shape, corner, np.ascontiguousarray(array[box]))
