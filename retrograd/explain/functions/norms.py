"""Norms over some dimensions, and how they change with each element."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.elementwise import sgn
from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array


def axes_of(dim: Any, dims: int) -> tuple[int, ...]:
    """Return the dimensions that are reduced, from 0; None and an empty list stand for all."""
    if dim is None or dim == ():
        return tuple(range(dims))
    listed = dim if isinstance(dim, (tuple, list)) else (dim,)
    return tuple([int(axis) % dims for axis in listed]) if dims else ()


def regrown(array: Array, like: Array, dim: Any, keepdim: bool) -> Array:
    """Return a reduced array with its reduced dimensions put back as ones."""
    axes = axes_of(dim, like.ndim)
    return array if keepdim or not axes else np.expand_dims(array, axes)


def vector_norm(array: Array, order: float | None, dim: Any, keepdim: bool) -> Array:
    """Return the norm of this order, not its root alone: 0 counts, ±inf are the extremes."""
    p = 2.0 if order is None else float(order)
    axes, size = axes_of(dim, array.ndim), np.abs(array)
    if p == 0:
        return np.asarray((size != 0).sum(axis=axes, keepdims=keepdim).astype(np.float64))
    if np.isposinf(p):
        return np.asarray(size.max(axis=axes, keepdims=keepdim, initial=0.0))
    if np.isneginf(p):
        return np.asarray(size.min(axis=axes, keepdims=keepdim, initial=np.inf))
    return np.asarray((size**p).sum(axis=axes, keepdims=keepdim) ** (1 / p))


def renormed_rows(table: Array, indices: Array, largest: float, order: float) -> Array:
    """Return a table whose named rows are scaled down to a norm where theirs is larger."""
    norms = vector_norm(table, order, 1, True)
    named = np.isin(np.arange(len(table)), indices)[:, None]
    return np.where(named & (norms > largest), table * (largest / (norms + 1e-7)), table)


def norm_slope(array: Array, norms: Array, order: float | None, dim: Any) -> Array:
    """Return the derivative of each norm (dimensions kept) by each element; 0 where it has none."""
    p = 2.0 if order is None else float(order)
    size = np.abs(array)
    sign = sgn(array)
    if p == 0:
        return np.zeros_like(array)
    if p == 1:
        return sign
    if np.isinf(p):
        axes = axes_of(dim, array.ndim)
        extreme = vector_norm(array, p, axes, True)  # the recorded one is not exact to the bit
        chosen = (size == extreme) | np.isnan(size)
        ties = chosen.sum(axis=axes, keepdims=True)
        return np.asarray(sign * chosen / np.maximum(ties, 1))
    if p == 2:
        return np.where(norms == 0, 0.0, array / norms)
    grown = sign * size ** (p - 1)
    if p < 1:
        return np.where(size == 0, 0.0, grown) * norms ** (1 - p)
    return np.where(norms == 0, 0.0, grown / norms ** (p - 1))


def other_dims(array: Array, dim: int) -> tuple[int, ...]:
    """Return every dimension but one."""
    return tuple([axis for axis in range(array.ndim) if axis != int(dim) % array.ndim])


def sum_over(array: Array, dim: Any) -> Array:
    """Return the sum over some dimensions, kept for broadcasting."""
    return np.asarray(array.sum(axis=tuple(dim), keepdims=True))


_NORM: Final = ("‖{0}‖", r"\lVert {0} \rVert")

FUNCTIONS: Final[dict[str, Function]] = {
    "vector_norm": Function(vector_norm, *_NORM),
    "renormed_rows": Function(renormed_rows),
    "norm_slope": Function(norm_slope, "∇‖{0}‖", r"\nabla \lVert {0} \rVert"),
    "regrown": Function(regrown, "{0}", "{0}"),
    "other_dims": Function(other_dims),
    "sum_over": Function(sum_over, "∑ {0!p}", r"\sum {0!p}"),
    "real_part": Function(np.real, "Re {0!p}", r"\Re {0!p}"),
}
