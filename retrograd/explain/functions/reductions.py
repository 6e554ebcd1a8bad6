"""Functions that reduce dimensions: sums, products, extremes, order statistics, running sums."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function, NotKept
from retrograd.store.elements import Array

Dim = int | Sequence[int] | None


def axes(array: Array, dim: Dim) -> tuple[int, ...]:
    """Return the reduced dimensions as NumPy counts them; none given means all."""
    rank = np.ndim(array)
    if dim is None or (not isinstance(dim, (int, float)) and len(dim) == 0) or rank == 0:
        return tuple(range(rank))
    listed = (dim,) if isinstance(dim, (int, float)) else dim
    return tuple([int(each) % rank for each in listed])


def restore(array: Array, like: Array, dim: Dim, keepdim: bool) -> Array:
    """Return a reduced array with its dimensions of length one put back."""
    if keepdim or np.ndim(like) == 0:
        return np.asarray(array)
    return np.expand_dims(array, axes(like, dim))


def count(array: Array, dim: Dim = None) -> int:
    """Return how many elements one result is made of."""
    return math.prod(array.shape[axis] for axis in axes(array, dim))


def _reduction(reduce: Callable[..., Any]) -> Callable[..., Array]:
    def compute(array: Array, dim: Dim = None, keepdim: bool = False) -> Array:
        return np.asarray(reduce(array, axis=axes(array, dim), keepdims=keepdim))

    return compute


def _boolean(reduce: Callable[..., Any]) -> Callable[..., Array]:
    return _reduction(lambda array, **options: reduce(array != 0, **options))


total = _reduction(np.sum)
mean = _reduction(np.mean)


def deviation_factor(array: Array, dim: Dim, correction: float | None) -> float:
    """Return 1 / (n − correction), where the correction is 1 if not given."""
    freedom = count(array, dim) - (1.0 if correction is None else correction)
    if dim is None or array.ndim == 0:
        freedom = max(freedom, 0.0)
    with np.errstate(all="ignore"):
        return float(np.float64(1.0) / freedom)


def variance(array: Array, dim: Dim, correction: float | None, keepdim: bool) -> Array:
    """Return the sum of squared distances from the mean over n − correction."""
    freedom = count(array, dim) - (1.0 if correction is None else correction)
    squares = np.abs(array - mean(array, dim, True)) ** 2
    with np.errstate(all="ignore"):
        return total(squares, dim, keepdim) / max(freedom, 0.0)


def others(array: Array, dim: Dim = None) -> Array:
    """Return for each element the product of all the others along a dimension.

    PyTorch divides the product of all by the element unless there are zeros. That differs for
    infinities alone: their quotient is NaN.
    """
    if not np.isfinite(array).all() and (array != 0).all():
        return np.asarray(np.prod(array, axis=axes(array, dim), keepdims=True) / array)
    flat = array.reshape(-1) if dim is None or array.ndim == 0 else np.moveaxis(array, dim, -1)
    ones = np.ones((*flat.shape[:-1], 1), flat.dtype)
    before = np.concatenate([ones, np.cumprod(flat, axis=-1)[..., :-1]], axis=-1)
    behind = np.cumprod(flat[..., ::-1], axis=-1)[..., :-1]
    after = np.concatenate([ones, behind], axis=-1)[..., ::-1]
    found = before * after if flat.shape[-1] else flat
    if dim is None or array.ndim == 0:
        return found.reshape(array.shape)
    return np.moveaxis(found, -1, dim)


def logsumexp(array: Array, dim: Dim, keepdim: bool) -> Array:
    """Return ln Σ exp(x) without overflow."""
    if not array.size:
        return np.asarray(np.log(total(np.exp(array), dim, keepdim)))
    largest = array.real.max(axis=axes(array, dim), keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0.0)
    found = np.log(total(np.exp(array - largest), dim, True)) + largest
    return found if keepdim else np.asarray(found.reshape(total(array, dim, False).shape))


# -- one element of a dimension, by its index --------------------------------------------------


def put_along(gradient: Array, index: Array, like: Array, dim: int, keepdim: bool) -> Array:
    """Add a gradient at the indices along a dimension that it came from."""
    if np.ndim(like) == 0:
        return np.asarray(gradient).reshape(())
    if not keepdim:
        gradient, index = np.expand_dims(gradient, dim), np.expand_dims(index, dim)
    result = np.zeros(like.shape, np.result_type(gradient, np.float64))
    places: list[Any] = list(np.indices(index.shape, sparse=True))
    places[dim] = index
    np.add.at(result, tuple(places), gradient)
    return result


def index_of(index: Array, array: Array, values: Array, dim: int, keepdim: bool) -> Array:
    """Return the indices where the array holds the values, −1 where it does not.

    Which of several equal elements is named is up to the algorithm, so the recorded one counts.
    """
    if np.ndim(array) == 0:
        return np.asarray(index)
    if not keepdim:
        index, values = np.expand_dims(index, dim), np.expand_dims(values, dim)
    found = np.take_along_axis(array, index, axis=dim)
    right = (found == values) | (np.isnan(found) & np.isnan(values))
    checked = np.where(right, index, -1)
    return checked if keepdim else np.squeeze(checked, dim)


def ordered(array: Array, dim: int, descending: bool) -> Array:
    """Return an array sorted along a dimension, NaN as the largest."""
    if array.ndim == 0:
        return array
    found = np.sort(array, axis=dim)
    return np.flip(found, axis=dim) if descending else found


def largest(array: Array, k: int, dim: int, greatest: bool) -> Array:
    """Return the k largest or smallest elements along a dimension, in order."""
    if array.ndim == 0:
        return array
    return np.take(ordered(array, dim, greatest), np.arange(k), axis=dim)


def smallest_but(array: Array, k: int, dim: int, keepdim: bool) -> Array:
    """Return the k-th smallest element along a dimension."""
    if array.ndim == 0:
        return array
    found = np.take(np.sort(array, axis=dim), k - 1, axis=dim)
    return np.expand_dims(found, dim) if keepdim else np.asarray(found)


def median(array: Array, dim: int | None = None, keepdim: bool = False) -> Array:
    """Return the lower median, NaN where there is one."""
    return _median(array, dim, keepdim, False)


def nanmedian(array: Array, dim: int | None = None, keepdim: bool = False) -> Array:
    """Return the lower median of what is not NaN."""
    return _median(array, dim, keepdim, True)


def _median(array: Array, dim: int | None, keepdim: bool, skip: bool) -> Array:
    if array.ndim == 0:
        return array
    if not array.size and dim is None:
        return np.asarray(np.nan)
    rows = np.sort(array.reshape(-1) if dim is None else np.moveaxis(array, dim, -1), axis=-1)
    missing = np.isnan(rows).sum(axis=-1)
    numbers = rows.shape[-1] - (missing if skip else 0)
    place = np.maximum(numbers - 1, 0) // 2 * np.ones_like(missing)
    found = np.take_along_axis(rows, place[..., None], axis=-1)[..., 0]
    if not skip:
        found = np.where(missing > 0, np.nan, found)
    return np.expand_dims(found, dim) if keepdim and dim is not None else np.asarray(found)


def mode(array: Array, dim: int, keepdim: bool) -> Array:
    """Return the most frequent element along a dimension, the smallest of several."""
    if array.ndim == 0:
        return array
    rows = np.moveaxis(array, dim, -1)
    if np.isnan(rows).any():
        raise NotKept("order-unspecified")  # PyTorch sorts by a comparison that NaN breaks
    counts = (rows[..., :, None] == rows[..., None, :]).sum(axis=-1)
    frequent = counts == counts.max(axis=-1, keepdims=True)
    found = np.where(frequent, rows, np.inf).min(axis=-1)
    return np.expand_dims(found, dim) if keepdim else np.asarray(found)


def arg(array: Array, dim: int | None, keepdim: bool, greatest: bool) -> Array:
    """Return the first index of the largest or smallest element."""
    find = np.argmax if greatest else np.argmin
    if array.ndim == 0:
        return np.zeros((), np.int64)
    if dim is None:
        return np.asarray(find(array)).reshape((1,) * array.ndim if keepdim else ())
    return np.asarray(find(array, axis=dim, keepdims=keepdim))


# -- running ones -------------------------------------------------------------------------------


def _running(function: Callable[..., Any]) -> Callable[[Array, int], Array]:
    def compute(array: Array, dim: int) -> Array:
        return np.asarray(function(array, axis=dim)) if array.ndim else np.asarray(array)

    return compute


def reverse_cumsum(array: Array, dim: int) -> Array:
    """Return the sums from each element to the last."""
    if array.ndim == 0:
        return array
    return np.asarray(np.flip(np.cumsum(np.flip(array, dim), axis=dim), dim))


def cumprod_vjp(gradient: Array, array: Array, dim: int) -> Array:
    """Return Σ over j ≥ i of Gⱼ times the product of all others up to j, with zeros among them.

    As PyTorch does it: up to the first zero by division, at the zero by products as far as the
    second one, behind it nothing. The order matters where there are infinities as well.
    """
    if array.ndim == 0 or array.shape[dim] == 1:
        return gradient
    rows, sent = np.moveaxis(np.conj(array), dim, -1), np.moveaxis(gradient, dim, -1)
    products = np.cumprod(rows, axis=-1)
    zeros = np.cumsum(rows == 0, axis=-1)
    before, behind = zeros == 0, zeros == 1
    first = behind & (rows == 0)
    found = reverse_cumsum(np.where(before, products * sent, 0), -1) / rows
    up_to = np.concatenate([np.ones_like(rows[..., :1]), products[..., :-1]], axis=-1)
    between = np.cumprod(np.where(behind & ~first, rows, 1), axis=-1)
    at_zero = (between * np.where(behind, sent, 0)).sum(axis=-1, keepdims=True) * up_to
    return np.moveaxis(np.where(before, found, np.where(first, at_zero, 0)), -1, dim)


def _log_add(left: Array, right: Array) -> Array:
    if left.dtype.kind == "c":
        first = np.real(left) >= np.real(right)
        large, small = np.where(first, left, right), np.where(first, right, left)
        found = large + np.log1p(np.exp(small - large))
        return np.where(np.isneginf(np.real(large)), large, found)
    return np.asarray(np.logaddexp(left, right))


def logcumsumexp(array: Array, dim: int) -> Array:
    """Return ln of the running sum of exp(x) without overflow."""
    if array.ndim == 0 or not array.size:
        return array
    rows = np.moveaxis(array, dim, 0).copy()
    for i in range(1, len(rows)):
        rows[i] = _log_add(rows[i - 1], rows[i])
    return np.moveaxis(rows, 0, dim)


def logcumsumexp_vjp(gradient: Array, array: Array, result: Array, dim: int) -> Array:
    """Return Σ over j ≥ i of Gⱼ exp(xᵢ − yⱼ), by logarithms, so that nothing overflows.

    As PyTorch does it: positive and negative gradients apart, with the lowest number for ln 0.
    """
    if array.ndim == 0 or not array.size:
        return gradient

    def back(logarithms: Array) -> Array:
        exponents = np.flip(logarithms - result, dim)
        return np.asarray(np.exp(np.flip(logcumsumexp(exponents, dim), dim) + array))

    if gradient.dtype.kind == "c":
        return np.conj(back(np.log(np.conj(gradient))))
    sizes, lowest = np.log(np.abs(gradient)), np.finfo(gradient.dtype).min
    up, down = (np.where(side, sizes, lowest) for side in (gradient > 0, gradient < 0))
    return back(up) - back(down)


def _logcumsumexp_vjp_terms(gradient: Array, array: Array, result: Array, dim: int) -> Array:
    """Return the sum of the magnitudes of the terms: of sums and of the exponents, which cancel."""
    sizes = np.abs(logcumsumexp_vjp(np.abs(gradient), array, result, dim))
    if not array.ndim or not array.size:
        return sizes
    furthest = np.abs(np.where(np.isfinite(result), result, 0)).max(axis=dim, keepdims=True)
    return np.where(sizes == 0, 0.0, sizes * (1 + np.abs(array) + furthest))


def histogram(array: Array, bins: int, low: float, high: float) -> Array:
    """Return how many elements are in each of some bins; without bounds, between the extremes."""
    if low == high and array.size:
        low, high = array.min(), array.max()
    if low == high:
        low, high = low - 1, high + 1
    return np.histogram(array, bins, (low, high))[0].astype(np.float64)


def bincount(array: Array, weights: Array | None, least: int) -> Array:
    """Return how often each whole number occurs, or the sum of the weights there."""
    return np.bincount(array.reshape(-1), None if weights is None else weights.reshape(-1), least)


FUNCTIONS: Final[dict[str, Function]] = {
    "restore": Function(restore, "{0}", "{0}"),
    "count": Function(count, "n", "n"),
    "sum": Function(total, "∑ {0!p}", r"\sum {0!p}"),
    "mean": Function(mean, "mean({0})", r"\operatorname{{mean}}({0})"),
    "prod": Function(_reduction(np.prod), "∏ {0!p}", r"\prod {0!p}"),
    "others": Function(others, "∏ⱼ≠ᵢ {0!p}", r"\prod_{{j \ne i}} {0!p}"),
    "var": Function(variance, "var({0})", r"\operatorname{{var}}({0})"),
    "deviation_factor": Function(deviation_factor, "1/(n − {2!p})", r"\frac{{1}}{{n - {2!p}}}"),
    "amax": Function(_reduction(np.max), "max {0!p}", r"\max {0!p}"),
    "amin": Function(_reduction(np.min), "min {0!p}", r"\min {0!p}"),
    "any": Function(_boolean(np.any), "any({0})", r"\exists\,{0!p}", exact=True),
    "all": Function(_boolean(np.all), "all({0})", r"\forall\,{0!p}", exact=True),
    "count_nonzero": Function(
        _reduction(np.count_nonzero), "#({0} ≠ 0)", r"\#({0} \ne 0)", exact=True
    ),
    "nonzero": Function(
        np.argwhere, "{{i | {0!p}ᵢ ≠ 0}}", r"\{{i \mid {0!p}_i \ne 0\}}", exact=True
    ),
    "histogram": Function(histogram),
    "bincount": Function(bincount, "count({0})", r"\operatorname{{count}}({0})"),
    "logsumexp": Function(logsumexp, "ln ∑ exp({0})", r"\ln \sum \exp({0})"),
    "put_along": Function(put_along, "put({0} → {1})", r"\operatorname{{put}}({0} \to {1})"),
    "index_of": Function(index_of, "{0}", "{0}"),
    "sorted": Function(ordered, "sort({0})", r"\operatorname{{sort}}({0})"),
    "largest": Function(largest, "top {1} of {0!p}", r"\operatorname{{top}}_{{{1}}} {0!p}"),
    "kth": Function(smallest_but, "{0!p}₍{1}₎", r"{0!p}_{{({1})}}"),
    "median": Function(median, "median({0})", r"\operatorname{{median}}({0})"),
    "nanmedian": Function(nanmedian, "median({0})", r"\operatorname{{median}}({0})"),
    "mode": Function(mode, "mode({0})", r"\operatorname{{mode}}({0})"),
    "arg": Function(arg, "arg({0})", r"\operatorname{{arg}}({0})", exact=True),
    "cumsum": Function(_running(np.cumsum), "cumsum({0})", r"\operatorname{{cumsum}}({0})"),
    "reverse_cumsum": Function(reverse_cumsum, "∑ⱼ≥ᵢ {0!p}", r"\sum_{{j \ge i}} {0!p}"),
    "cumprod": Function(_running(np.cumprod), "cumprod({0})", r"\operatorname{{cumprod}}({0})"),
    "cumprod_vjp": Function(cumprod_vjp),
    "cummax": Function(_running(np.maximum.accumulate)),
    "cummin": Function(_running(np.minimum.accumulate)),
    "logcumsumexp": Function(logcumsumexp, "ln cumsum(exp({0}))"),
    "logcumsumexp_vjp": Function(
        logcumsumexp_vjp,
        "∑ⱼ≥ᵢ {0!p}ⱼ · exp({1!p}ᵢ − {2!p}ⱼ)",
        r"\sum_{{j \ge i}} {0!p}_j \exp({1!p}_i - {2!p}_j)",
        terms=_logcumsumexp_vjp_terms,
    ),
    "trace": Function(np.trace, "tr({0})", r"\operatorname{{tr}}({0})"),
    "eye_like": Function(lambda a: np.eye(*a.shape), "I", "I"),
}
