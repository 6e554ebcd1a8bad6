"""Convolutions of any number of dimensions, their transposes, and patches.

Everything walks over the positions of the kernel: each one multiplies a strided slice of the
padded input by one matrix, which is short to read and fast enough.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.explain.functions.sizes import Sizes, sizes_of
from retrograd.store.elements import Array


def _positions(
    kernel: Sizes, outputs: Sizes, stride: Sizes, dilation: Sizes
) -> Iterator[tuple[Any, Any]]:
    """Yield each position in the kernel, and the slices of the padded input that it meets."""
    for position in itertools.product(*[range(length) for length in kernel]):
        window = [
            slice(at * d, at * d + s * (count - 1) + 1, s)
            for at, d, s, count in zip(position, dilation, stride, outputs, strict=True)
        ]
        yield (..., *position), (..., *window)


def _outputs(
    lengths: Sizes, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes
) -> list[int]:
    return [
        (length + 2 * p - d * (k - 1) - 1) // s + 1
        for length, k, s, p, d in zip(lengths, kernel, stride, padding, dilation, strict=True)
    ]


def _each(dims: int, *sizes: Any) -> list[tuple[int, ...]]:
    return [sizes_of(value, dims) for value in sizes]


def _padded(array: Array, padding: Sizes) -> Array:
    return np.pad(array, [(0, 0), (0, 0), *[(p, p) for p in padding]])


def _cropped(array: Array, padding: Sizes) -> Array:
    slices = [slice(p, length - p) for p, length in zip(padding, array.shape[2:], strict=True)]
    return array[(slice(None), slice(None), *slices)]


def _grouped(array: Array, groups: int) -> Array:
    """Return samples × groups × channels of a group × space."""
    return array.reshape(array.shape[0], groups, array.shape[1] // groups, *array.shape[2:])


def convolve(
    array: Array, weight: Array, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int
) -> Array:
    """Return the cross-correlation that deep learning calls convolution."""
    kernel = weight.shape[2:]
    stride, padding, dilation = _each(len(kernel), stride, padding, dilation)
    outputs = _outputs(array.shape[2:], kernel, stride, padding, dilation)
    source = _grouped(_padded(array, padding), groups)
    # groups × outputs of a group × inputs of a group × kernel
    filters = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:])
    total = np.zeros(
        (array.shape[0], groups, filters.shape[1], *outputs), np.result_type(array, weight)
    )
    for position, window in _positions(kernel, outputs, stride, dilation):
        total += np.einsum("ngc...,goc->ngo...", source[window], filters[position], optimize=True)
    return total.reshape(array.shape[0], weight.shape[0], *outputs)


def convolve_padded(
    array: Array, weight: Array, stride: Sizes, padding: Any, dilation: Sizes, groups: int
) -> Array:
    """Return a convolution whose padding may be ``same`` or ``valid``; a batch may be missing."""
    kernel = weight.shape[2:]
    batch = array if array.ndim == weight.ndim else array[None]
    if isinstance(padding, str):
        (spread,) = _each(len(kernel), dilation)
        total = [
            d * (k - 1) if padding == "same" else 0 for d, k in zip(spread, kernel, strict=True)
        ]
        batch = np.pad(batch, [(0, 0), (0, 0), *[(n // 2, n - n // 2) for n in total]])
        padding = (0,) * len(kernel)
    found = convolve(batch, weight, stride, padding, dilation, groups)
    return found if array.ndim == weight.ndim else found[0]


def convolve_transposed(
    array: Array,
    weight: Array,
    stride: Sizes,
    padding: Sizes,
    output_padding: Sizes,
    dilation: Sizes,
    groups: int,
) -> Array:
    """Return the transposed convolution: each element sends the kernel, scaled, to the output."""
    kernel = weight.shape[2:]
    stride, padding, output_padding, dilation = _each(
        len(kernel), stride, padding, output_padding, dilation
    )
    sizes = [
        (length - 1) * s - 2 * p + d * (k - 1) + extra + 1
        for length, s, p, d, k, extra in zip(
            array.shape[2:],
            stride,
            padding,
            dilation,
            kernel,
            output_padding,
            strict=True,
        )
    ]
    return _spread(array, weight, sizes, stride, padding, dilation, groups)


def convolve_adjoint(
    gradient: Array,
    weight: Array,
    like: Array,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    groups: int,
) -> Array:
    """Return the gradient of a convolution's input, shaped like it."""
    return _spread(gradient, weight, like.shape[2:], stride, padding, dilation, groups)


def _spread(
    array: Array,
    weight: Array,
    sizes: Sizes,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    groups: int,
) -> Array:
    kernel = weight.shape[2:]
    stride, padding, dilation = _each(len(kernel), stride, padding, dilation)
    source = _grouped(array, groups)
    filters = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:])
    reach = [
        max(size + 2 * p, (count - 1) * s + d * (k - 1) + 1)
        for size, p, count, s, d, k in zip(
            sizes, padding, array.shape[2:], stride, dilation, kernel, strict=True
        )
    ]
    total = np.zeros(
        (array.shape[0], groups, weight.shape[1], *reach), np.result_type(array, weight)
    )
    for position, window in _positions(kernel, array.shape[2:], stride, dilation):
        total[window] += np.einsum("ngo...,goc->ngc...", source, filters[position], optimize=True)
    whole = total.reshape(array.shape[0], groups * weight.shape[1], *reach)
    cut = [slice(p, p + size) for p, size in zip(padding, sizes, strict=True)]
    return whole[(slice(None), slice(None), *cut)]


def convolve_kernel(
    array: Array,
    gradient: Array,
    like: Array,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    groups: int,
) -> Array:
    """Return the gradient of a convolution's weight, shaped like it."""
    outputs = gradient.shape[2:]
    stride, padding, dilation = _each(len(outputs), stride, padding, dilation)
    sent = _grouped(gradient, groups)
    space = [
        max(0, d * (k - 1) + s * (count - 1) + 1 - length - 2 * p)
        for d, k, s, count, length, p in zip(
            dilation, like.shape[2:], stride, outputs, array.shape[2:], padding, strict=True
        )
    ]
    wide = np.pad(_padded(array, padding), [(0, 0), (0, 0), *[(0, more) for more in space]])
    source = _grouped(wide, groups)
    result = np.zeros(
        (groups, like.shape[0] // groups, *like.shape[1:]), np.result_type(array, gradient)
    )
    for position, window in _positions(like.shape[2:], outputs, stride, dilation):
        part = source[window]
        result[position] = np.einsum(
            "ngoi,ngci->goc",
            sent.reshape(*sent.shape[:3], -1),
            part.reshape(*part.shape[:3], -1),
            optimize=True,
        )
    return result.reshape(like.shape)


def patches(array: Array, kernel: Sizes, dilation: Sizes, padding: Sizes, stride: Sizes) -> Array:
    """Return all patches that a kernel meets, one per column (im2col)."""
    batch = array if array.ndim == 4 else array[None]
    outputs = _outputs(batch.shape[2:], kernel, stride, padding, dilation)
    source = _padded(batch, padding)
    rows = [source[window] for _, window in _positions(kernel, outputs, stride, dilation)]
    stacked = np.stack(rows, axis=2)
    count = int(np.prod(outputs))
    columns = stacked.reshape(batch.shape[0], batch.shape[1] * len(rows), count)
    return columns if array.ndim == 4 else columns[0]


def from_patches(
    columns: Array, size: Sizes, kernel: Sizes, dilation: Sizes, padding: Sizes, stride: Sizes
) -> Array:
    """Return the sum of all patches at their places (col2im), the adjoint of ``patches``."""
    batch = columns if columns.ndim == 3 else columns[None]
    outputs = _outputs(size, kernel, stride, padding, dilation)
    count = int(np.prod(kernel))
    parts = batch.reshape(batch.shape[0], batch.shape[1] // count, count, *outputs)
    space = [length + 2 * p for length, p in zip(size, padding, strict=True)]
    total = np.zeros((*parts.shape[:2], *space), columns.dtype)
    for index, (_, window) in enumerate(_positions(kernel, outputs, stride, dilation)):
        total[window] += parts[:, :, index]
    found = _cropped(total, padding)
    return found if columns.ndim == 3 else found[0]


FUNCTIONS: Final[dict[str, Function]] = {
    "convolve": Function(convolve, "{0!p} ⋆ {1!p}", r"{0!p} \star {1!p}"),
    "convolve_padded": Function(convolve_padded, "{0!p} ⋆ {1!p}", r"{0!p} \star {1!p}"),
    "convolve_transposed": Function(convolve_transposed, "{0!p} ∗ {1!p}", r"{0!p} \ast {1!p}"),
    "convolve_adjoint": Function(convolve_adjoint, "{0!p} ∗ {1!p}", r"{0!p} \ast {1!p}"),
    "convolve_kernel": Function(convolve_kernel, "{0!p} ⋆ {1!p}", r"{0!p} \star {1!p}"),
    "trimmed": Function(lambda a, like: a[tuple([slice(n) for n in like.shape])], "{0}", "{0}"),
    "last_sizes": Function(lambda a, dims: a.shape[-dims:], "size({0})", "size({0})"),
    "image_size": Function(lambda a: a.shape[-2:]),
    "patches": Function(patches),
    "from_patches": Function(from_patches),
}
