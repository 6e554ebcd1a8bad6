"""Maximum pooling and what undoes it: indices say where each maximum stood."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.explain.functions.separable import pooled_length
from retrograd.explain.functions.sizes import Sizes, sizes_of
from retrograd.store.elements import Array

Spans = list[list[Array]]
"""For each dimension, the input positions of each window."""


def _windows(
    lengths: Sizes, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool
) -> Spans:
    dims = len(lengths)
    found: Spans = []
    for length, k, s, p, d in zip(
        lengths,
        sizes_of(kernel, dims),
        sizes_of(stride, dims) or sizes_of(kernel, dims),
        sizes_of(padding, dims),
        sizes_of(dilation, dims),
        strict=True,
    ):
        count = pooled_length(length, d * (k - 1) + 1, s, p, ceil)
        places = [np.arange(k) * d + start * s - p for start in range(count)]
        found.append([at[(at >= 0) & (at < length)] for at in places])
    return found


def _adaptive(lengths: Sizes, outputs: Sizes) -> Spans:
    return [
        [np.arange(i * length // n, -(-(i + 1) * length // n)) for i in range(n)]
        for length, n in zip(lengths, outputs, strict=True)
    ]


def _fractional(length: int, kernel: int, outputs: int, sample: float) -> list[Array]:
    """Return windows at pseudo-random distances (Graham, Fractional Max-Pooling, 2014)."""
    steps = (length - kernel) / (outputs - 1) if outputs > 1 else 0.0
    starts = [int((i + sample) * steps) - int(sample * steps) for i in range(outputs - 1)]
    return [np.arange(kernel) + start for start in [*starts, length - kernel]]


def _maxima(array: Array, spans: Spans) -> tuple[Array, Array]:
    """Return the largest element of each window, and its index in the flattened image.

    The first of equal ones is taken, and the last NaN, as PyTorch does.
    """
    dims = len(spans)
    lengths = array.shape[-dims:]
    outer = array.shape[:-dims]
    flat = array.reshape(-1, int(np.prod(lengths)))
    outputs = [len(span) for span in spans]
    values = np.empty((len(flat), int(np.prod(outputs))), array.dtype)
    indices = np.empty(values.shape, np.int64)
    for number, window in enumerate(itertools.product(*spans)):
        places = np.ravel_multi_index(np.meshgrid(*window, indexing="ij"), lengths).reshape(-1)
        part = flat[:, places]
        nans = np.isnan(part)
        last_nan = part.shape[1] - 1 - np.argmax(nans[:, ::-1], axis=1)
        best = np.where(nans.any(axis=1), last_nan, np.argmax(np.where(nans, 0.0, part), axis=1))
        values[:, number] = part[np.arange(len(flat)), best]
        indices[:, number] = places[best]
    shape = (*outer, *outputs)
    return values.reshape(shape), indices.reshape(shape)


def max_pool(
    array: Array, dims: int, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool
) -> tuple[Array, Array]:
    """Return the largest element of each window and where it stands."""
    return _maxima(array, _windows(array.shape[-dims:], kernel, stride, padding, dilation, ceil))


def adaptive_max_pool(array: Array, sizes: Sizes) -> tuple[Array, Array]:
    """Return the largest elements of as many spans as asked for, and where they stand."""
    return _maxima(array, _adaptive(array.shape[-len(sizes) :], sizes))


def fractional_max_pool(
    array: Array, kernel: Sizes, sizes: Sizes, samples: Array
) -> tuple[Array, Array]:
    """Return the largest elements of windows at random places, and where they stand."""
    dims = len(sizes)
    batch = array if array.ndim == dims + 2 else array[None]
    values, indices = [], []
    for image, random in _channels(batch, samples):
        # The samples run from the last dimension to the first in two dimensions alone.
        order = random[::-1] if dims == 2 else random
        spans = [
            _fractional(length, k, n, float(sample))
            for length, k, n, sample in zip(image.shape, kernel, sizes, order, strict=True)
        ]
        value, index = _maxima(image, spans)
        values.append(value)
        indices.append(index)
    shape = (*array.shape[:-dims], *sizes)
    return np.reshape(values, shape), np.reshape(indices, shape)


def _channels(batch: Array, samples: Array) -> Iterator[tuple[Array, Array]]:
    for images, rows in zip(batch, samples, strict=True):
        yield from zip(images, rows, strict=True)


def scatter(array: Array, indices: Array, like: Array, dims: int) -> Array:
    """Return zeros of a shape, with each element added where its index says."""
    size = int(np.prod(like.shape[like.ndim - dims :]))
    outer = int(np.prod(like.shape[: like.ndim - dims]))
    result = np.zeros((outer, size), array.dtype)
    rows = np.arange(outer)[:, None]
    np.add.at(result, (rows, indices.reshape(outer, -1)), array.reshape(outer, -1))
    return result.reshape(like.shape)


def pick(array: Array, indices: Array, dims: int) -> Array:
    """Return the elements that indices into the flattened last dimensions name."""
    outer = array.shape[: array.ndim - dims]
    count = int(np.prod(outer))
    rows = np.arange(count)[:, None]
    found = array.reshape(count, -1)[rows, indices.reshape(count, -1)]
    return np.asarray(found).reshape(indices.shape)


def unpool(array: Array, indices: Array, sizes: Sizes) -> Array:
    """Return zeros of a size, with each element set where its index says; the last one wins."""
    outer = array.shape[: array.ndim - len(sizes)]
    count = int(np.prod(outer))
    result = np.zeros((count, int(np.prod(sizes))), array.dtype)
    result[np.arange(count)[:, None], indices.reshape(count, -1)] = array.reshape(count, -1)
    return result.reshape(*outer, *sizes)


FUNCTIONS: Final[dict[str, Function]] = {
    "first": Function(lambda several: several[0], "{0}", "{0}"),
    "max_pool": Function(max_pool),
    "adaptive_max_pool": Function(adaptive_max_pool),
    "fractional_max_pool": Function(fractional_max_pool),
    "scatter_to": Function(scatter),
    "pick": Function(pick, "{0!p}[{1}]", r"{0!p}_{{{1}}}"),
    "unpool": Function(unpool),
}
