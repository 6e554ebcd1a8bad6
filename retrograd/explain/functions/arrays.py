"""Functions that rearrange: reshape, permute, select, join, repeat, pad.

Each returns elements of its argument in another arrangement. Applied to ``positions(x)`` it says
where each element came from, and ``put_back`` sends a gradient there: so the gradient of every
rearrangement is exact by construction, overlapping views included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function, NotKept
from retrograd.store.elements import Array


def positions(array: Array) -> Array:
    """Return the number of each element in row-major order."""
    return np.arange(np.size(array)).reshape(np.shape(array))


def put_back(gradient: Array, places: Array, like: Array) -> Array:
    """Add each element of a gradient to the place it came from; −1 stands for nowhere."""
    places, gradient = np.broadcast_arrays(places, gradient)
    kept = places.reshape(-1) >= 0
    result = np.zeros(np.size(like), np.result_type(gradient, np.float64))
    np.add.at(result, places.reshape(-1)[kept], gradient.reshape(-1)[kept])
    return result.reshape(np.shape(like))


def reshape_like(array: Array, like: Array) -> Array:
    """Return an array in the shape of another."""
    return array.reshape(np.shape(like))


def squeezed(array: Array, *dims: Any) -> Array:
    """Drop dimensions of length one: all, or those given."""
    if not dims:
        return np.squeeze(array)
    listed = dims[0] if isinstance(dims[0], tuple) else (dims[0],)
    rank = max(array.ndim, 1)
    drop = {dim % rank for dim in listed}
    kept = [n for axis, n in enumerate(array.shape) if not (axis in drop and n == 1)]
    return array.reshape(kept)


def unsqueezed(array: Array, dim: int) -> Array:
    """Insert a dimension of length one."""
    return np.expand_dims(array, dim)


def swapped(array: Array, first: int, second: int) -> Array:
    """Return an array with two dimensions swapped."""
    return np.swapaxes(array, first, second) if array.ndim else array


def permuted_back(array: Array, dims: Sequence[int]) -> Array:
    """Undo a permutation of dimensions."""
    rank = len(dims)
    return np.transpose(array, np.argsort([dim % rank for dim in dims]) if rank else None)


def expanded(array: Array, size: Sequence[int]) -> Array:
    """Stretch dimensions of length one to a size, where −1 keeps a dimension."""
    extra = len(size) - array.ndim
    shape = [
        array.shape[axis - extra] if length == -1 else length for axis, length in enumerate(size)
    ]
    return np.broadcast_to(array, shape)


def selected(array: Array, dim: int, index: int) -> Array:
    """Return the part of an array at one index of a dimension."""
    return np.asarray(np.take(array, index, axis=dim))


def sliced(array: Array, dim: int, start: int | None, end: int | None, step: int) -> Array:
    """Return a range of a dimension, ends clipped as Python does."""
    place = [slice(None)] * array.ndim
    place[dim] = slice(start, end, step)
    return array[tuple(place)]


def narrowed(array: Array, dim: int, start: int, length: int) -> Array:
    """Return a length of a dimension from a start on."""
    first = start if start >= 0 else start + array.shape[dim]
    return sliced(array, dim, first, first + length, 1)


def strided(
    array: Array,
    layout: tuple[Sequence[int], int],
    size: Sequence[int],
    stride: Sequence[int],
    offset: int | None,
) -> Array:
    """Return a view of an array's memory: element i, j, … lies at offset + i·s + …

    ``layout`` holds the array's own strides and offset in that memory.
    """
    places = owners(np.shape(array), layout, size, stride, layout[1] if offset is None else offset)
    if (places < 0).any():
        raise NotKept("outside-the-tensor")
    return np.asarray(array.reshape(-1)[places])


def owners(
    shape: Sequence[int],
    layout: tuple[Sequence[int], int],
    size: Sequence[int],
    stride: Sequence[int],
    offset: int,
) -> Array:
    """Return which element of a tensor each element of a view of its memory is, −1 for none."""
    own = _memory(layout[0], shape, layout[1]).reshape(-1)
    wanted = _memory(stride, size, offset)
    owner = np.full(max(int(wanted.max(initial=0)), int(own.max(initial=0))) + 1, -1)
    owner[own] = np.arange(own.size)
    return np.asarray(owner[wanted])


def _memory(strides: Sequence[int], shape: Sequence[int], offset: int) -> Array:
    """Return where in memory each element of a tensor lies."""
    places: Array = np.full((), offset)
    for length, step in zip(shape, strides, strict=True):
        places = places[..., None] + np.arange(length) * step
    return places


def split(array: Array, size: int, dim: int) -> tuple[Array, ...]:
    """Cut a dimension into parts of one size, the last one shorter."""
    length = array.shape[dim]
    return tuple(
        [sliced(array, dim, k, k + size, 1) for k in range(0, max(length, 1), max(size, 1))]
    )


def split_sizes(array: Array, sizes: Sequence[int], dim: int) -> tuple[Array, ...]:
    """Cut a dimension into parts of given sizes."""
    ends = np.cumsum(sizes)
    return tuple(
        [sliced(array, dim, int(e - n), int(e), 1) for n, e in zip(sizes, ends, strict=True)]
    )


def unbound(array: Array, dim: int) -> tuple[Array, ...]:
    """Return the parts of an array at each index of a dimension."""
    return tuple(np.moveaxis(array, dim, 0))


def joined(arrays: Sequence[Array], dim: int) -> Array:
    """Join arrays along a dimension; an empty vector among them counts for nothing."""
    kept = [array for array in arrays if array.shape != (0,)]
    return np.concatenate(kept, axis=dim) if kept else np.asarray(arrays[0])


def cut_like(array: Array, arrays: Sequence[Array], dim: int) -> tuple[Array, ...]:
    """Undo ``joined``."""
    found, start = [], 0
    for like in arrays:
        if like.shape == (0,):
            found.append(np.zeros(0))
            continue
        length = like.shape[dim]
        found.append(sliced(array, dim, start, start + length, 1))
        start += length
    return tuple(found)


def repeated(array: Array, repeats: Sequence[int]) -> Array:
    """Tile an array, adding dimensions in front."""
    return np.tile(array, tuple(repeats))


def rolled(array: Array, shifts: Sequence[int], dims: Sequence[int]) -> Array:
    """Shift elements round; without dimensions, those of the flattened array."""
    if not dims:
        return np.roll(array.reshape(-1), tuple(shifts)).reshape(array.shape)
    return np.roll(array, tuple(shifts), axis=tuple(dims)) if array.ndim else array


def flipped(array: Array, dims: Sequence[int]) -> Array:
    """Reverse dimensions."""
    return np.flip(array, tuple(dims)) if array.ndim and dims else array


def quarter_turned(array: Array, times: int, dims: Sequence[int]) -> Array:
    """Turn the plane of two dimensions by 90 degrees some times."""
    return np.rot90(array, times, (dims[0], dims[1]))


def diagonal(array: Array, offset: int, first: int, second: int) -> Array:
    """Return a diagonal of two dimensions as the last dimension."""
    return np.diagonal(array, offset, first, second)


def diagonal_matrix(array: Array, offset: int, first: int, second: int) -> Array:
    """Return matrices with the last dimension on a diagonal, zeros elsewhere."""
    length = array.shape[-1]
    size = length + abs(offset)
    found = np.zeros((*array.shape[:-1], size, size), array.dtype)
    rows = np.arange(length) + max(-offset, 0)
    found[..., rows, rows + offset] = array
    rank = found.ndim
    return np.moveaxis(found, (-2, -1), (first % rank, second % rank))


def block_diagonal(arrays: Sequence[Array]) -> Array:
    """Return a matrix with matrices along its diagonal, zeros elsewhere."""
    blocks = [np.atleast_2d(array) for array in arrays]
    rows, columns = (sum(block.shape[axis] for block in blocks) for axis in (0, 1))
    found = np.zeros((rows, columns), np.result_type(*blocks))
    row = column = 0
    for block in blocks:
        found[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return found


def blocks_of(array: Array, arrays: Sequence[Array]) -> tuple[Array, ...]:
    """Undo ``block_diagonal``."""
    found = []
    row = column = 0
    for like in arrays:
        rows, columns = np.atleast_2d(like).shape
        found.append(array[row : row + rows, column : column + columns].reshape(like.shape))
        row, column = row + rows, column + columns
    return tuple(found)


def windows(array: Array, dim: int, size: int, step: int) -> Array:
    """Return every window of a dimension as a new last dimension."""
    if not array.ndim:
        return array.reshape(1)[:size]
    found = np.lib.stride_tricks.sliding_window_view(array, size, axis=dim)
    return sliced(found, dim % array.ndim, None, None, step)


def windows_placed(array: Array, shape: Sequence[int], dim: int, size: int, step: int) -> Array:
    """Add windows up where they came from in an array of a shape."""
    like = np.zeros(tuple(shape))
    return put_back(array, windows(positions(like), dim, size, step), like)


def shuffled_channels(array: Array, groups: int) -> Array:
    """Deal channels out from groups in turn."""
    batch, channels, *rest = array.shape
    grouped = array.reshape(batch, groups, channels // groups, *rest)
    return np.swapaxes(grouped, 1, 2).reshape(array.shape)


def pixels_shuffled(array: Array, factor: int) -> Array:
    """Lay groups of channels out as squares of pixels."""
    *batch, channels, height, width = array.shape
    rank = len(batch)
    parts = array.reshape(*batch, channels // factor**2, factor, factor, height, width)
    order = [*range(rank), rank, rank + 3, rank + 1, rank + 4, rank + 2]
    return np.transpose(parts, order).reshape(
        *batch, channels // factor**2, height * factor, width * factor
    )


def pixels_unshuffled(array: Array, factor: int) -> Array:
    """Undo ``pixels_shuffled``."""
    *batch, channels, height, width = array.shape
    rank = len(batch)
    parts = array.reshape(*batch, channels, height // factor, factor, width // factor, factor)
    order = [*range(rank), rank, rank + 2, rank + 4, rank + 1, rank + 3]
    return np.transpose(parts, order).reshape(
        *batch, channels * factor**2, height // factor, width // factor
    )


def padded(array: Array, pads: Sequence[int], value: float) -> Array:
    """Pad the last dimensions with a constant, the last one first; negative pads cut."""
    widths = [(0, 0)] * array.ndim
    for index in range(len(pads) // 2):
        axis = array.ndim - 1 - index
        before, after = pads[2 * index], pads[2 * index + 1]
        length = array.shape[axis]
        array = sliced(array, axis, max(-before, 0), length - max(-after, 0), 1)
        widths[axis] = (max(before, 0), max(after, 0))
    return np.pad(array, widths, constant_values=value)


def _extended(array: Array, pads: Sequence[int], reflect: bool) -> Array:
    """Read beyond the ends of the last dimensions: their mirror image, or the last element."""
    for index in range(len(pads) // 2):
        axis = array.ndim - 1 - index
        last = array.shape[axis] - 1
        places = np.arange(-pads[2 * index], last + 1 + pads[2 * index + 1])
        if reflect:
            places = np.abs(places)
            places = np.where(places > last, 2 * last - places, places)
        array = np.take(array, np.clip(places, 0, last), axis=axis)
    return array


def view_as_real(array: Array) -> Array:
    """Return real and imaginary part as a new last dimension."""
    return np.stack([array.real, array.imag], axis=-1)


def view_as_complex(array: Array) -> Array:
    """Return complex numbers of a last dimension with real and imaginary part."""
    return np.asarray(array[..., 0] + 1j * array[..., 1])


FUNCTIONS: Final[dict[str, Function]] = {
    "positions": Function(positions, "{0}", "{0}"),
    "put_back": Function(put_back, "put({0} → {1})", r"\operatorname{{put}}({0} \to {1})"),
    "reshape": Function(lambda a, size: a.reshape(tuple(size)), "reshape({0})"),
    "reshape_like": Function(reshape_like, "reshape({0})", r"\operatorname{{reshape}}({0})"),
    "squeeze": Function(squeezed, "{0}", "{0}"),
    "unsqueeze": Function(unsqueezed, "{0}", "{0}"),
    "swap": Function(swapped, "{0!p}ᵀ", r"{{{0!p}}}^{{\top}}"),
    "matrix_T": Function(lambda a: np.transpose(a), "{0!p}ᵀ", r"{{{0!p}}}^{{\top}}"),
    "permute": Function(
        lambda a, dims: np.transpose(a, dims) if dims else a,
        "permute({0})",
        r"\operatorname{{permute}}({0})",
    ),
    "permute_back": Function(
        permuted_back, "permute⁻¹({0})", r"\operatorname{{permute}}^{{-1}}({0})"
    ),
    "expand": Function(expanded, "broadcast({0})", r"\operatorname{{broadcast}}({0})"),
    "expand_like": Function(
        lambda a, like: np.broadcast_to(a, np.shape(like)),
        "broadcast({0})",
        r"\operatorname{{broadcast}}({0})",
    ),
    "select": Function(selected, "{0!p}[{2}]", r"{0!p}_{{[{2}]}}"),
    "slice": Function(sliced, "{0!p}[{2}:{3}]", r"{0!p}_{{[{2}:{3}]}}"),
    "narrow": Function(narrowed),
    "strided": Function(strided),
    "split": Function(split),
    "split_sizes": Function(split_sizes, "split({all})", r"\operatorname{{split}}({all})"),
    "unbind": Function(unbound),
    "cat": Function(joined, "cat({0})", r"\operatorname{{cat}}({0})"),
    "cut_like": Function(cut_like, "split({0})", r"\operatorname{{split}}({0})"),
    "stack": Function(
        lambda arrays, dim: np.stack(arrays, dim), "stack({0})", r"\operatorname{{stack}}({0})"
    ),
    "repeat": Function(repeated),
    "roll": Function(rolled),
    "flip": Function(flipped),
    "quarter_turn": Function(quarter_turned, "rot90({all})", r"\operatorname{{rot90}}({all})"),
    "diagonal": Function(diagonal, "diag({0})", r"\operatorname{{diag}}({0})"),
    "diagonal_embed": Function(diagonal_matrix, "diag({0})", r"\operatorname{{diag}}({0})"),
    "block_diagonal": Function(
        block_diagonal, "blockdiag({0})", r"\operatorname{{blockdiag}}({0})"
    ),
    "blocks_of": Function(blocks_of, "blocks({0})", r"\operatorname{{blocks}}({0})"),
    "windows": Function(windows),
    "windows_placed": Function(windows_placed),
    "shuffle_channels": Function(shuffled_channels),
    "pixel_shuffle": Function(pixels_shuffled),
    "pixel_unshuffle": Function(pixels_unshuffled),
    "pad": Function(padded),
    "pad_reflect": Function(lambda a, pads: _extended(a, pads, True)),
    "pad_edge": Function(lambda a, pads: _extended(a, pads, False)),
    "full": Function(lambda size, value: np.full(tuple(size), value), "{1}", "{1}"),
    "ones": Function(np.ones_like, "1", "1"),
    "eye": Function(lambda n, m: np.eye(int(n), int(m)), "I", "I"),
    "arange": Function(np.arange, "{0}, {0} + {2}, … < {1}", r"{0}, {0} + {2}, \dots < {1}"),
    "linspace": Function(
        lambda a, b, n: np.linspace(a, b, int(n)), "{0}, …, {1}", r"{0}, \dots, {1}"
    ),
    "tril": Function(np.tril),
    "triu": Function(np.triu),
    "view_as_real": Function(view_as_real, "(Re {0}, Im {0})", r"(\Re {0}, \Im {0})"),
    "view_as_complex": Function(view_as_complex, "{0}₀ + i {0}₁", r"{0}_0 + i\,{0}_1"),
}
