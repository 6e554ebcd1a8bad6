"""Maps that act on each dimension of an image alone: average pooling and interpolation.

Each is one matrix per dimension, output positions × input positions, so that the gradient is the
same map with every matrix transposed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.explain.functions.sizes import Sizes, sizes_of
from retrograd.store.elements import Array

_NEXT_TO_NOTHING: Final = 5e-324
"""Stands for a weight of 0 of an element that is read all the same: 0 · NaN is NaN."""


def _read(weights: Array) -> Array:
    return np.where(weights == 0, _NEXT_TO_NOTHING, weights)


def apply(matrices: Sequence[Array], array: Array) -> Array:
    """Apply one matrix to each of the last dimensions."""
    for offset, matrix in enumerate(matrices):
        axis = array.ndim - len(matrices) + offset
        array = np.moveaxis(_product(matrix, np.moveaxis(array, axis, 0)), 0, axis)
    return array


def _product(matrix: Array, array: Array) -> Array:
    """Return a matrix times the first dimension; what is not finite stays in its windows."""
    finite = np.isfinite(array)
    found = np.tensordot(matrix, np.where(finite, array, 0), axes=(1, 0))
    weights = np.where(np.abs(matrix) <= _NEXT_TO_NOTHING, 0.0, matrix)
    with np.errstate(invalid="ignore"):
        for place in np.flatnonzero(~finite.reshape(len(array), -1).all(axis=1)):
            rows = np.flatnonzero(matrix[:, place])
            part = np.where(finite[place], 0, array[place])
            found[rows] += np.multiply.outer(weights[rows, place], part)
    return found


def transposed(matrices: Sequence[Array], array: Array) -> Array:
    """Apply the transpose of one matrix to each of the last dimensions."""
    return apply([matrix.T for matrix in matrices], array)


def _spans(starts: Array, ends: Array, length: int) -> Array:
    """Return which inputs lie in each span, as ones."""
    places = np.arange(length)
    found = (places >= starts[:, None]) & (places < ends[:, None])
    return found.astype(np.float64)


def adaptive_matrix(length: int, outputs: int) -> Array:
    """Return the matrix that averages spans which cover the input evenly."""
    index = np.arange(outputs)
    starts, ends = index * length // outputs, -(-(index + 1) * length // outputs)
    spans = _spans(starts, ends, length)
    return np.asarray(spans / (ends - starts)[:, None])


def pooled_length(length: int, kernel: int, stride: int, padding: int, ceil: bool) -> int:
    """Return how many windows there are; with ``ceil`` one may end beyond the padding."""
    room = length + 2 * padding - kernel
    count = (-(-room // stride) if ceil else room // stride) + 1
    if ceil and (count - 1) * stride >= length + padding:
        count -= 1
    return count


def window_matrix(
    length: int,
    kernel: int,
    stride: int,
    padding: int,
    ceil: bool,
    padding_counts: bool,
    overridden: bool,
) -> Array:
    """Return the matrix that averages windows; sums them where the divisor is given elsewhere."""
    starts = np.arange(pooled_length(length, kernel, stride, padding, ceil)) * stride - padding
    ends = np.minimum(starts + kernel, length + padding)
    spans = _spans(starts, ends, length)
    inside = np.minimum(ends, length) - np.maximum(starts, 0)
    sizes = ends - starts if padding_counts else inside
    return spans if overridden else spans / sizes[:, None]


def _average(
    array: Array,
    dims: int,
    kernel: Any,
    stride: Any,
    padding: Any,
    ceil: bool,
    counts: bool,
    divisor: float | None,
) -> list[Array]:
    windows = sizes_of(kernel, dims)
    found = [
        window_matrix(length, k, s, p, ceil, counts, divisor is not None)
        for length, k, s, p in zip(
            array.shape[-dims:],
            windows,
            sizes_of(stride, dims) or windows,
            sizes_of(padding, dims),
            strict=True,
        )
    ]
    if divisor is not None:
        found[0] = found[0] / divisor
    return found


def _resizing(kind: str, array: Array, places: Sequence[Array]) -> list[Array]:
    lengths = array.shape[-len(places) :]
    return [_KINDS[kind](length, at) for length, at in zip(lengths, places, strict=True)]


def resize_places(
    kind: str, array: Array, sizes: Sizes, align: bool, scales: Any
) -> tuple[Array, ...]:
    """Return where each output lies among the inputs, in each dimension."""
    lengths = array.shape[-len(sizes) :]
    return tuple(
        [
            _places(kind, length, size, align, scale)
            for length, size, scale in zip(lengths, sizes, scales, strict=True)
        ]
    )


def _places(kind: str, length: int, size: int, align: bool, scale: float | None) -> Array:
    nearest = _NEAREST.get(kind)
    if nearest is not None:  # PyTorch finds the neighbour in single precision
        single = np.float32(_step(length, size, False, scale))
        places = np.floor((np.arange(size, dtype=np.float32) + np.float32(nearest)) * single)
        return np.asarray(np.minimum(places.astype(np.int64), length - 1))
    step = _step(length, size, align, scale)
    if kind in _ANTIALIASED:  # measured between the inputs, from the edge
        return (np.arange(size) + 0.5) * step
    return np.asarray(np.arange(size) * step if align else (np.arange(size) + 0.5) * step - 0.5)


def _step(length: int, size: int, align: bool, scale: float | None) -> float:
    """Return the distance of neighbouring outputs in units of inputs."""
    if align:
        return (length - 1) / (size - 1) if size > 1 else 0.0
    return 1.0 / scale if scale is not None and scale > 0 else length / size


def _nearest(length: int, at: Array) -> Array:
    return np.asarray(np.eye(length)[at])


def _linear(length: int, at: Array) -> Array:
    at = np.maximum(at, 0.0)
    low = np.minimum(np.floor(at).astype(np.int64), length - 1)
    high = np.minimum(low + 1, length - 1)
    part = np.clip(at - low, 0.0, 1.0)[:, None]
    eye = np.eye(length)
    return np.asarray(_read(1 - part) * eye[low] + _read(part) * eye[high])


def cubic(distance: Array, a: float) -> Array:
    """Return the weight of a cubic convolution (Keys) at a distance."""
    x = np.abs(distance)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def _cubic(length: int, at: Array) -> Array:
    size = len(at)
    found = np.zeros((size, length))
    base = np.floor(at).astype(np.int64)
    for offset in range(-1, 3):
        index = np.clip(base + offset, 0, length - 1)
        np.add.at(found, (np.arange(size), index), _read(cubic(at - base - offset, -0.75)))
    return found


def _antialiased(reach: float, weigh: Callable[[Array], Array]) -> Callable[[int, Array], Array]:
    def matrix(length: int, at: Array) -> Array:
        step = 2 * at[0] if len(at) else 1.0
        support = reach * step if step >= 1 else reach
        shrink = 1 / step if step >= 1 else 1.0
        found = np.zeros((len(at), length))
        for row, center in enumerate(at):
            start = max(int(center - support + 0.5), 0)
            end = min(int(center + support + 0.5), length)
            weights = weigh((np.arange(start, end) - center + 0.5) * shrink)
            found[row, start:end] = weights / weights.sum()
        return found

    return matrix


_NEAREST: Final = {"nearest": 0.0, "nearest-exact": 0.5}
_ANTIALIASED: Final = {
    "linear-antialiased": _antialiased(1.0, lambda x: np.maximum(1 - np.abs(x), 0.0)),
    "cubic-antialiased": _antialiased(2.0, lambda x: cubic(x, -0.5)),
}
_KINDS: Final[dict[str, Callable[[int, Array], Array]]] = {
    **dict.fromkeys(_NEAREST, _nearest),
    "linear": _linear,
    "cubic": _cubic,
    **_ANTIALIASED,
}


def average_pool(array: Array, *how: Any) -> Array:
    """Return the mean of each window."""
    return apply(_average(array, *how), array)


def average_pool_adjoint(gradient: Array, like: Array, *how: Any) -> Array:
    """Return each window's gradient, shared out evenly over the window."""
    return transposed(_average(like, *how), gradient)


def adaptive_pool(array: Array, sizes: Sizes) -> Array:
    """Return the means of as many spans as asked for."""
    return apply(_adaptive(array, sizes), array)


def adaptive_pool_adjoint(gradient: Array, like: Array, sizes: Sizes) -> Array:
    """Return each span's gradient, shared out evenly over the span."""
    return transposed(_adaptive(like, sizes), gradient)


def _adaptive(array: Array, sizes: Sizes) -> list[Array]:
    lengths = array.shape[-len(sizes) :]
    return [adaptive_matrix(length, n) for length, n in zip(lengths, sizes, strict=True)]


def resize(array: Array, kind: str, places: Sequence[Array]) -> Array:
    """Return an image interpolated at other places."""
    return apply(_resizing(kind, array, places), array)


def _resize_terms(array: Array, kind: str, places: Sequence[Array]) -> Array:
    return apply([np.abs(each) for each in _resizing(kind, array, places)], np.abs(array))


def resize_adjoint(gradient: Array, like: Array, kind: str, places: Sequence[Array]) -> Array:
    """Return each output's gradient, sent to the inputs by their weights."""
    return transposed(_resizing(kind, like, places), gradient)


def _resize_adjoint_terms(
    gradient: Array, like: Array, kind: str, places: Sequence[Array]
) -> Array:
    matrices = [np.abs(each) for each in _resizing(kind, like, places)]
    return transposed(matrices, np.abs(gradient))


FUNCTIONS: Final[dict[str, Function]] = {
    "average_pool": Function(average_pool),
    "average_pool_adjoint": Function(average_pool_adjoint),
    "adaptive_pool": Function(adaptive_pool),
    "adaptive_pool_adjoint": Function(adaptive_pool_adjoint),
    "resize": Function(resize, terms=_resize_terms),
    "resize_places": Function(resize_places),
    "resize_adjoint": Function(resize_adjoint, terms=_resize_adjoint_terms),
}
