"""Functions of neural networks that several families share: means over dimensions, softmax."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function, NotKept
from retrograd.store.elements import Array


def given(argument: Any, otherwise: Any) -> Any:
    """Return an optional argument, or what stands for it where the call has None."""
    return otherwise if argument is None else argument


def along(vector: Any, array: Array) -> Any:
    """Return one number per channel so that it broadcasts over dimension 1 of an array."""
    if not isinstance(vector, np.ndarray) or vector.ndim != 1:
        return vector  # a number stands for all channels
    return vector.reshape(-1, *(1,) * (array.ndim - 2))


def mean_over(array: Array, axes: tuple[int, ...]) -> Array:
    """Return the mean over some dimensions, kept for broadcasting; of nothing, NaN."""
    total = array.sum(axis=axes, keepdims=True)
    return np.asarray(total / np.float64(np.prod([array.shape[axis] for axis in axes])))


def variance_over(array: Array, axes: tuple[int, ...]) -> Array:
    """Return the biased variance over some dimensions, kept for broadcasting."""
    return mean_over(np.abs(array - mean_over(array, axes)) ** 2, axes)


def channel_mean(array: Array) -> Array:
    """Return the mean over every dimension but 1, kept for broadcasting."""
    return mean_over(array, _all_but_channels(array))


def channel_variance(array: Array) -> Array:
    """Return the biased variance over every dimension but 1, kept for broadcasting."""
    return variance_over(array, _all_but_channels(array))


def channel_sum(array: Array) -> Array:
    """Return the sum over every dimension but 1 as a vector."""
    found: Array = array.sum(axis=_all_but_channels(array))
    return found


def _all_but_channels(array: Array) -> tuple[int, ...]:
    return (0, *range(2, array.ndim))


def inner_mean(array: Array, shape: tuple[int, ...]) -> Array:
    """Return the mean over the last dimensions, as many as a shape has, kept for broadcasting."""
    return mean_over(array, tuple(range(-len(shape), 0)))


def outer_sum(array: Array, shape: tuple[int, ...]) -> Array:
    """Return the sum over all but the last dimensions, as many as a shape has."""
    return np.asarray(array.sum(axis=tuple(range(array.ndim - len(shape)))))


def inner_variance(array: Array, shape: tuple[int, ...]) -> Array:
    """Return the biased variance over the last dimensions, kept for broadcasting."""
    return variance_over(array, tuple(range(-len(shape), 0)))


def grouped(array: Array, groups: int) -> Array:
    """Return an array of samples × groups × the elements of one group."""
    size = array[:1].size // groups if len(array) else 0
    return array.reshape(array.shape[0], groups, size)


def ungrouped(array: Array, like: Array) -> Array:
    """Undo ``grouped``."""
    return array.reshape(like.shape)


def log_total(array: Array, dim: int) -> Array:
    """Return ln ∑ exp along one dimension without overflow, kept for broadcasting."""
    if not array.ndim:
        return array
    return np.asarray(np.logaddexp.reduce(array, axis=int(dim), keepdims=True))


def softmax(array: Array, dim: int) -> Array:
    """Return the softmax without overflow."""
    if not array.size:
        return array
    raised = np.exp(array - array.max(axis=dim, keepdims=True)) if array.ndim else np.ones(())
    return np.asarray(raised / raised.sum(axis=dim, keepdims=True)) if array.ndim else raised


def safe_softmax(array: Array, dim: int) -> Array:
    """Return the softmax, zeros where every element is minus infinity."""
    masked = np.isneginf(array).all(axis=dim, keepdims=True)
    return np.where(masked, 0.0, softmax(array, dim))


def sum_along(array: Array, dim: int) -> Array:
    """Return the sum along one dimension, kept for broadcasting."""
    return np.asarray(array.sum(axis=int(dim), keepdims=True)) if array.ndim else array


def dropout_scale(p: float, train: bool | None) -> float:
    """Return what kept elements are multiplied by: 1 / (1 − p) in training."""
    if not train:
        return 1.0
    return 0.0 if p == 1 else 1 / (1 - p)


def leak(array: Array, result: Array, lower: float, upper: float, training: bool) -> Array:
    """Return the slope of a randomised leaky ReLU: in training what was drawn for each element."""
    if training and (array == 0).any():
        raise NotKept("saved-values-unseen")  # 0 times what was drawn does not tell it
    slope = result / array if training else (lower + upper) / 2
    return np.where(array <= 0, slope, 1.0)


def weight_norm(direction: Array, dim: int) -> Array:
    """Return the norm over every dimension but one, kept for broadcasting."""
    axes = tuple([axis for axis in range(direction.ndim) if axis != dim % direction.ndim])
    return np.asarray(np.sqrt((direction**2).sum(axis=axes, keepdims=True)))


def sum_all_but(array: Array, dim: int) -> Array:
    """Return the sum over every dimension but one, kept for broadcasting."""
    axes = tuple([axis for axis in range(array.ndim) if axis != dim % array.ndim])
    return np.asarray(array.sum(axis=axes, keepdims=True))


FUNCTIONS: Final[dict[str, Function]] = {
    "given": Function(given, "{0}", "{0}"),
    "along": Function(along, "{0}", "{0}"),
    "channel_mean": Function(channel_mean, "mean({0})", r"\operatorname{{mean}}({0})"),
    "channel_var": Function(channel_variance, "var({0})", r"\operatorname{{var}}({0})"),
    "channel_sum": Function(channel_sum, "∑ {0!p}", r"\sum {0!p}"),
    "inner_mean": Function(inner_mean, "mean({0})", r"\operatorname{{mean}}({0})"),
    "outer_sum": Function(outer_sum, "∑ {0!p}", r"\sum {0!p}"),
    "inner_var": Function(inner_variance, "var({0})", r"\operatorname{{var}}({0})"),
    "flat": Function(np.ravel, "{0}", "{0}"),
    "empty": Function(lambda: np.empty(0), "∅", r"\varnothing"),
    "grouped": Function(grouped, "{0}", "{0}"),
    "ungrouped": Function(ungrouped, "{0}", "{0}"),
    "last_mean": Function(
        lambda a: mean_over(a, (-1,)), "mean({0})", r"\operatorname{{mean}}({0})"
    ),
    "last_var": Function(
        lambda a: variance_over(a, (-1,)), "var({0})", r"\operatorname{{var}}({0})"
    ),
    "last_size": Function(lambda a: a.shape[-1], "n", "n"),
    "dropout_scale": Function(dropout_scale, "1/(1 − {0})", r"\frac{{1}}{{1 - {0}}}"),
    "leak": Function(leak, "a", "a"),
    "weight_norm": Function(weight_norm, "‖{0}‖", r"\lVert {0} \rVert"),
    "sum_all_but": Function(sum_all_but, "∑ {0!p}", r"\sum {0!p}"),
    "softmax": Function(softmax, "softmax({0})", r"\operatorname{{softmax}}({0})"),
    "safe_softmax": Function(safe_softmax, "softmax({0})", r"\operatorname{{softmax}}({0})"),
    "log_total": Function(log_total, "ln ∑ exp({0})", r"\ln \sum \exp({0})"),
    "sum_along": Function(sum_along, "∑ {0!p}", r"\sum {0!p}"),
}
