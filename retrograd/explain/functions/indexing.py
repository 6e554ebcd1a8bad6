"""Functions that select by index tensors, and write where they point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

import numpy as np

from retrograd.explain.functions.arrays import positions
from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array


def _subscript(indices: Sequence[Any]) -> tuple[Any, ...]:
    """Return PyTorch's index tensors as NumPy has them: None takes a dimension whole."""
    found: list[Any] = []
    for index in indices:
        if index is None:
            found.append(slice(None))
        else:
            found.append(index.astype(bool) if index.dtype == np.uint8 else index)
    return tuple(found)


def indexed(array: Array, indices: Sequence[Any]) -> Array:
    """Return the elements that index tensors or masks point to."""
    return np.asarray(array[_subscript(indices)])


def index_put(array: Array, indices: Sequence[Any], values: Any, accumulate: bool) -> Array:
    """Return a copy with values written, or added, where index tensors point."""
    found = np.array(array, np.result_type(array, values))
    if accumulate:
        np.add.at(found, _subscript(indices), values)
    else:
        found[_subscript(indices)] = values
    return found


def taken(array: Array, index: Array, dim: int) -> Array:
    """Return the parts of a dimension that an index lists."""
    if np.ndim(array) == 0:
        return np.asarray(array if np.ndim(index) == 0 else np.reshape(array, ()))
    return np.asarray(np.take(array, index.reshape(-1), axis=dim))


def place_in_order(
    row: Array, values: Any, right: bool, side: str | None, order: Array | None
) -> Array:
    """Return where values belong in a sorted row, or each row of values in its own."""
    row = row if order is None else np.take_along_axis(row, order, -1)
    first: Literal["left", "right"] = "right" if right or side == "right" else "left"
    if row.ndim == 1:
        return np.asarray(np.searchsorted(row, values, first))
    rows, wanted = row.reshape(-1, row.shape[-1]), values.reshape(-1, values.shape[-1])
    found = [np.searchsorted(one, each, first) for one, each in zip(rows, wanted, strict=True)]
    return np.reshape(found, values.shape)


def flat_places(array: Array, index: Array) -> Array:
    """Return indices into the flattened array, negative ones from its end."""
    return np.where(index < 0, index + np.size(array), index)


def at_flat(array: Array, index: Array) -> Array:
    """Return elements by their number in row-major order."""
    return np.asarray(np.reshape(array, -1)[index])


def distinct(index: Array) -> Array:
    """Return each index once."""
    return np.unique(index)


def _reach(array: Array, index: Array, dim: int) -> Array:
    """Return the part of an array beside an index tensor that is shorter in other dimensions."""
    rank = array.ndim
    return array[
        tuple(
            [
                slice(None) if axis == dim % rank else slice(index.shape[axis])
                for axis in range(rank)
            ]
        )
    ]


def gathered(array: Array, dim: int, index: Array) -> Array:
    """Return for each place of an index tensor the element that it names along a dimension."""
    if array.ndim == 0 or index.ndim == 0:
        found = array.reshape(-1)[index.reshape(-1)]
        return np.asarray(found.reshape(index.shape))
    if not index.size:
        return np.zeros(index.shape, array.dtype)
    return np.take_along_axis(_reach(array, index, dim), index, axis=dim)


def overwritten(array: Array, values: Any, places: Array) -> Array:
    """Return a copy with the elements at places (numbers in row-major order) replaced."""
    found = np.array(array, np.result_type(array, values)).reshape(-1)
    found[places.reshape(-1)] = np.reshape(values, -1)
    return found.reshape(array.shape)


def added(array: Array, values: Any, places: Array) -> Array:
    """Return a copy with values added at places, as often as these are named."""
    found = np.array(array, np.result_type(array, values)).reshape(-1)
    np.add.at(found, places.reshape(-1), np.reshape(values, -1))
    return found.reshape(array.shape)


def beside(array: Array, index: Array) -> Array:
    """Return the part of a source that an index tensor of its rank covers."""
    if np.ndim(array) == 0 or np.ndim(index) == 0:
        return np.asarray(array).reshape(np.shape(index))
    return array[tuple([slice(n) for n in index.shape])]


def put_beside(gradient: Array, like: Array) -> Array:
    """Undo ``beside``: zeros where the index tensor does not reach."""
    if np.shape(gradient) == np.shape(like):
        return gradient
    found = np.zeros(np.shape(like), gradient.dtype)
    if np.ndim(like) == 0:
        return np.asarray(gradient).reshape(())
    found[tuple([slice(n) for n in gradient.shape])] = gradient
    return found


def masked_select(array: Array, mask: Array) -> Array:
    """Return the elements under a mask as a vector; both are broadcast."""
    array, mask = np.broadcast_arrays(array, mask)
    return np.asarray(array[mask.astype(bool)])


def masked_scatter(array: Array, mask: Array, source: Array) -> Array:
    """Return a copy with the elements under a mask replaced by a source's, in order."""
    shape = np.broadcast_shapes(array.shape, mask.shape)
    found = np.array(np.broadcast_to(array, shape))
    chosen = np.broadcast_to(mask, shape).astype(bool)
    found[chosen] = source.reshape(-1)[: int(chosen.sum())]
    return found


def masked_source(gradient: Array, mask: Array, source: Array) -> Array:
    """Return the gradient under a mask as that of the source: zeros for what was not read."""
    chosen = gradient[np.broadcast_to(mask, gradient.shape).astype(bool)]
    found = np.zeros(source.size, gradient.dtype)
    found[: chosen.size] = chosen
    return found.reshape(source.shape)


# -- many elements into one --------------------------------------------------------------------

_JOIN: Final[dict[str, tuple[Any, float]]] = {
    "sum": (np.add, 0.0),
    "mean": (np.add, 0.0),
    "prod": (np.multiply, 1.0),
    "amax": (np.maximum, -np.inf),
    "amin": (np.minimum, np.inf),
}


def _started(array: Array, places: Array, how: str, include: bool) -> Array:
    """Return the elements to join to: where sources go and they count for nothing, neutral."""
    found = np.array(array).reshape(-1)
    if not include:
        found[places] = _JOIN[how][1]
    return found


def _numbers(array: Array, places: Array, include: bool) -> Array:
    """Return how many elements each result is made of."""
    found = np.ones(array.size)
    if not include:
        found[places] = 0.0
    np.add.at(found, places, 1.0)
    return found


def reduced_into(array: Array, places: Array, source: Array, how: str, include: bool) -> Array:
    """Return an array with each element joined to the sources that go to its place."""
    found = _started(array, places, how, include)
    _JOIN[how][0].at(found, places, source)
    if how == "mean":
        found = found / _numbers(array, places, include)
    return np.asarray(found).reshape(array.shape)


def _others(array: Array, places: Array, source: Array, include: bool) -> tuple[Array, Array]:
    """Return the products of all factors but one's own, for the elements and for the sources."""
    start = _started(array, places, "prod", include)
    zeros = (start == 0).astype(np.float64)
    np.add.at(zeros, places, (source == 0).astype(np.float64))
    product = np.where(start == 0, 1.0, start)
    np.multiply.at(product, places, np.where(source == 0, 1.0, source))

    def without(own: Array, all_zeros: Array, all_others: Array) -> Array:
        alone = np.where(own == 0, all_zeros == 1, all_zeros == 0)
        return np.where(alone, all_others / np.where(own == 0, 1.0, own), 0.0)

    return without(start, zeros, product), without(source, zeros[places], product[places])


def _weights(
    array: Array, places: Array, source: Array, how: str, include: bool, result: Array
) -> tuple[Array, Array]:
    """Return the derivatives of each result by its element and by its sources."""
    if how == "prod":
        own, given = _others(array, places, source, include)
    elif how in ("sum", "mean"):
        own, given = np.ones(array.size), np.ones(source.shape)
    else:
        own = (array == result).reshape(-1).astype(np.float64)
        given = (source == result.reshape(-1)[places]).astype(np.float64)
    if how == "mean":
        numbers = _numbers(array, places, include)
        own, given = own / numbers, given / numbers[places]
    elif how in ("amax", "amin"):
        ties = own.copy()
        np.add.at(ties, places, given)
        with np.errstate(all="ignore"):
            own, given = own / ties, given / ties[places]
    if not include:
        own = own.copy()
        own[places] = 0.0
    return own.reshape(array.shape), given


def reduced_into_self(
    gradient: Array,
    array: Array,
    places: Array,
    source: Array,
    how: str,
    include: bool,
    result: Array,
) -> Array:
    """Return the gradient of the elements that sources were joined to."""
    return gradient * _weights(array, places, source, how, include, result)[0]


def reduced_into_source(
    gradient: Array,
    array: Array,
    places: Array,
    source: Array,
    how: str,
    include: bool,
    result: Array,
) -> Array:
    """Return the gradient of the sources."""
    sent = gradient.reshape(-1)[places]
    return np.asarray(sent * _weights(array, places, source, how, include, result)[1])


def _segments(data: Array, lengths: Any, offsets: Any, axis: int) -> list[tuple[Any, int, int]]:
    """Return (batch index, start, end) of each segment."""
    batch = np.shape(lengths if lengths is not None else offsets)[:-1]
    found = []
    for place in np.ndindex(*batch):
        if lengths is not None:
            ends = np.cumsum(lengths[place])
            starts = ends - lengths[place]
        else:
            starts, ends = offsets[place][:-1], offsets[place][1:]
        found += [(place, int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
    return found


def segment_reduce(
    data: Array, how: str, lengths: Any, offsets: Any, axis: int, initial: float | None
) -> Array:
    """Return the reduction of each segment of a dimension; an empty one gives the initial value."""
    name = {"max": "amax", "min": "amin"}.get(how, how)
    join, neutral = _JOIN[name]
    start = neutral if initial is None else initial
    rows = []
    for place, first, last in _segments(data, lengths, offsets, axis):
        part = data[place][first:last]
        if name == "mean" and not len(part):
            value = np.full(part.shape[1:], np.nan if initial is None else initial)
        else:
            value = join.reduce(part, axis=0, initial=start)
            value = value / len(part) if name == "mean" else value
        rows.append(value)
    batch = np.shape(lengths if lengths is not None else offsets)[:-1]
    count = len(rows) // max(int(np.prod(batch)), 1)
    return np.reshape(np.asarray(rows), (*batch, count, *data.shape[axis + 1 :]))


def segment_reduce_vjp(
    gradient: Array,
    result: Array,
    data: Array,
    how: str,
    lengths: Any,
    offsets: Any,
    axis: int,
    initial: float | None,
) -> Array:
    """Return each segment's gradient: shared out, by ties, or times the product of the others."""
    found = np.zeros(data.shape)
    counters: dict[Any, int] = {}
    for place, first, last in _segments(data, lengths, offsets, axis):
        number = counters.get(place, 0)
        counters[place] = number + 1
        part = data[place][first:last]
        if not len(part):
            continue
        sent, value = gradient[place][number], result[place][number]
        if how in ("max", "min"):
            chosen = (part == value) | np.isnan(part)
            weights = chosen / np.maximum(chosen.sum(axis=0), 1)
        elif how == "prod":
            start = 1.0 if initial is None else initial
            weights = np.stack(
                [start * np.delete(part, k, axis=0).prod(axis=0) for k in range(len(part))]
            )
        else:
            weights = np.full(part.shape, 1.0 / len(part) if how == "mean" else 1.0)
        found[place][first:last] = sent * weights
    return found


def clamped_index(array: Array, mask: Array, indices: Sequence[Any]) -> Array:
    """Return places by index tensors limited to the array, −1 where a mask says no."""
    limited = [
        None if index is None else np.clip(index, -length, length - 1)
        for index, length in zip(indices, array.shape, strict=False)
    ]
    return np.where(mask, indexed(positions(array), limited), -1)


def at_places(array: Array, places: Array, otherwise: float) -> Array:
    """Return the elements at places, and something else for −1."""
    if not np.size(array):
        return np.full(np.shape(places), otherwise)
    return np.where(places < 0, otherwise, array.reshape(-1)[places])


def from_coordinates(values: Array, indices: Array, size: Sequence[int]) -> Array:
    """Return an array that is zero but for values at coordinates; those at one place add up."""
    found = np.zeros(tuple(size), values.dtype)
    np.add.at(found, tuple(indices), values)
    return found


def _put(function: Callable[..., Array]) -> Function:
    return Function(function, "{0} with {1} at {2}", r"{0} \text{{ with }} {1} \text{{ at }} {2}")


FUNCTIONS: Final[dict[str, Function]] = {
    "index": Function(indexed, "{0!p}[{1}]", r"{0!p}_{{[{1}]}}"),
    "index_put": Function(
        index_put, "{0} with {2} at {1}", r"{0} \text{{ with }} {2} \text{{ at }} {1}"
    ),
    "take": Function(taken, "{0!p}[{1}]", r"{0!p}_{{[{1}]}}"),
    "place_in_order": Function(place_in_order),
    "flat_places": Function(flat_places, "{1}", "{1}"),
    "at_flat": Function(at_flat, "{0!p}[{1}]", r"{0!p}_{{[{1}]}}"),
    "repeat_each": Function(lambda repeats: np.repeat(np.arange(repeats.size), repeats)),
    "distinct": Function(distinct, "{0}", "{0}"),
    "gather": Function(gathered, "{0!p}[{2}]", r"{0!p}_{{[{2}]}}"),
    "overwritten": _put(overwritten),
    "added": Function(
        added, "{0!p} + put({1} → {2})", r"{0!p} + \operatorname{{put}}({1} \to {2})"
    ),
    "beside": Function(beside, "{0}", "{0}"),
    "put_beside": Function(put_beside, "{0}", "{0}"),
    "masked_select": Function(masked_select, "{0!p}[{1}]", r"{0!p}_{{[{1}]}}"),
    "masked_scatter": Function(
        masked_scatter, "({2} if {1} else {0})", r"({2} \text{{ if }} {1} \text{{ else }} {0})"
    ),
    "masked_source": Function(masked_source, "{0!p}[{1}]", r"{0!p}_{{[{1}]}}"),
    "reduced_into": Function(reduced_into, "{3}({0}, {2} → {1})"),
    "reduced_into_self": Function(reduced_into_self),
    "reduced_into_source": Function(reduced_into_source),
    "segment_reduce": Function(segment_reduce),
    "segment_reduce_vjp": Function(segment_reduce_vjp),
    "clamped_index": Function(clamped_index, "{2} where {1}", r"{2} \text{{ where }} {1}"),
    "from_coordinates": Function(
        from_coordinates, "put({0} → {1})", r"\operatorname{{put}}({0} \to {1})"
    ),
    "at_coordinates": Function(
        lambda array, indices: array[tuple(indices)], "{0!p}[{1}]", r"{0!p}_{{[{1}]}}"
    ),
    "at_places": Function(at_places, "{0!p}[{1}]", r"{0!p}_{{[{1}]}}"),
}
