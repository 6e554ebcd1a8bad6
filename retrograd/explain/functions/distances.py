"""Distances between rows: every one of two lists, or every pair of one list."""

from __future__ import annotations

from typing import Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array


def _differences(left: Array, right: Array) -> Array:
    return np.asarray(left[..., :, None, :] - right[..., None, :, :])


def _norms(differences: Array, p: float) -> Array:
    size = np.abs(differences)
    if p == 0:
        return np.asarray(np.where(np.isnan(size), size, size != 0).sum(axis=-1))
    if np.isinf(p):
        return np.asarray(size.max(axis=-1, initial=0.0))
    return np.asarray((size**p).sum(axis=-1) ** (1 / p))


def _norm_slopes(differences: Array, norms: Array, p: float) -> Array:
    """Return the derivative of each distance by each coordinate; 0 where it has none."""
    size, sign, whole = np.abs(differences), np.sign(differences), norms[..., None]
    if p == 0:
        return np.zeros_like(differences)
    if p == 1:
        return sign
    if np.isinf(p):
        return np.asarray(sign * (size == whole))
    slopes = sign * (size / whole) ** (p - 1)
    return np.where((whole == 0) | ((size == 0) & (p < 1)), 0.0, slopes)


def distances(left: Array, right: Array, p: float) -> Array:
    """Return the distance of each row of one list from each of the other."""
    return _norms(_differences(left, right), p)


def distances_vjp(gradient: Array, left: Array, right: Array, norms: Array, p: float) -> Array:
    """Return the gradient of the left list."""
    slopes = _norm_slopes(_differences(left, right), norms, p)
    return np.asarray((gradient[..., None] * slopes).sum(axis=-2))


def pair_distances(rows: Array, p: float) -> Array:
    """Return the distance of each row from each later one."""
    first, second = np.triu_indices(len(rows), 1)
    return _norms(rows[first] - rows[second], p)


def pair_distances_vjp(gradient: Array, rows: Array, norms: Array, p: float) -> Array:
    """Return the gradient of the rows."""
    first, second = np.triu_indices(len(rows), 1)
    sent = gradient[:, None] * _norm_slopes(rows[first] - rows[second], norms, p)
    result = np.zeros_like(rows)
    np.add.at(result, first, sent)
    np.add.at(result, second, -sent)
    return result


def pull(gradient: Array, left: Array, right: Array, norms: Array) -> Array:
    """Return the gradient of the left list where the distances are Euclidean."""
    ratio = np.where(norms == 0, 0.0, gradient / norms)
    return np.asarray(left * ratio.sum(axis=-1, keepdims=True) - ratio @ right)


FUNCTIONS: Final[dict[str, Function]] = {
    "distances": Function(distances, "‖{0} − {1}‖", r"\lVert {0} - {1} \rVert"),
    "distances_vjp": Function(distances_vjp),
    "pair_distances": Function(pair_distances),
    "pair_distances_vjp": Function(pair_distances_vjp),
    "pull": Function(pull),
}
