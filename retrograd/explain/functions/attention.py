"""Attention and embeddings."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.explain.functions.nn import softmax
from retrograd.store.elements import Array

_SUM, _MEAN, _MAX = range(3)


def attention_scale(query: Array, scale: float | None) -> float:
    """Return the factor of the scores: 1 / √d where none is given."""
    return 1 / float(np.sqrt(query.shape[-1])) if scale is None else scale


def shared_heads(heads: Array, query: Array) -> Array:
    """Return the heads of keys or values as often as there are heads of queries."""
    if heads.ndim < 3 or heads.shape[-3] == query.shape[-3]:
        return heads
    return np.repeat(heads, query.shape[-3] // heads.shape[-3], axis=-3)


def summed_heads(gradient: Array, like: Array) -> Array:
    """Return the gradient of heads: the sum over the heads of queries that share each."""
    if like.ndim < 3 or gradient.shape[-3] == like.shape[-3]:
        return gradient
    batch, last = gradient.shape[:-3], gradient.shape[-2:]
    return np.asarray(gradient.reshape(*batch, like.shape[-3], -1, *last).sum(axis=-3))


def attention_scores(query: Array, key: Array, causal: bool, mask: Any, scale: Any) -> Array:
    """Return how well each query fits each key; minus infinity where it may not look."""
    scores = query @ np.swapaxes(shared_heads(key, query), -1, -2) * attention_scale(query, scale)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf) if mask.dtype == bool else scores + mask
    if causal:
        allowed = np.tri(scores.shape[-2], scores.shape[-1], dtype=bool)
        scores = np.where(allowed, scores, -np.inf)
    return np.asarray(scores)


def attention_weights(query: Array, key: Array, causal: bool, mask: Any, scale: Any) -> Array:
    """Return the softmax of the scores; zeros for a query that may look nowhere."""
    scores = attention_scores(query, key, causal, mask, scale)
    nowhere = np.isneginf(scores).all(axis=-1, keepdims=True)
    return np.where(nowhere, 0.0, softmax(scores, -1))


def lookup(weight: Array, indices: Array) -> Array:
    """Return one row of a table for each index."""
    return np.asarray(weight[indices])


def lookup_vjp(
    gradient: Array, indices: Array, rows: int, ignored: int, by_frequency: bool
) -> Array:
    """Return the sum of the gradients that each row was looked up for; none for the ignored one."""
    flat = indices.reshape(-1)
    sent = gradient.reshape(flat.size, gradient.shape[-1])
    kept = flat != ignored
    if by_frequency:
        sent = sent / np.bincount(flat, minlength=rows)[flat][:, None]
    result = np.zeros((rows, gradient.shape[-1]), gradient.dtype)
    np.add.at(result, flat[kept], sent[kept])
    return result


def _bags(indices: Array, offsets: Array, include_last: bool) -> Array:
    """Return the bag that each index belongs to."""
    starts = offsets[:-1] if include_last else offsets
    places = np.arange(indices.size)
    return np.searchsorted(starts, places, side="right") - 1


def _bag_count(offsets: Array, include_last: bool) -> int:
    return len(offsets) - 1 if include_last else len(offsets)


def embedding_bag(
    weight: Array,
    indices: Array,
    offsets: Array,
    mode: int,
    per_sample: Array | None,
    include_last: bool,
    ignored: int,
) -> Array:
    """Return the sum, the mean or the maximum of the rows in each bag."""
    bags, count = _bags(indices, offsets, include_last), _bag_count(offsets, include_last)
    kept = indices != ignored
    rows = weight[indices[kept]]
    if per_sample is not None:
        rows = rows * per_sample[kept][:, None]
    sizes = np.bincount(bags[kept], minlength=count)[:, None]
    if mode == _MAX:
        result = np.full((count, weight.shape[1]), -np.inf)
        np.maximum.at(result, bags[kept], rows)
        return np.where(sizes == 0, 0.0, result)
    result = np.zeros((count, weight.shape[1]))
    np.add.at(result, bags[kept], rows)
    return result / np.maximum(sizes, 1) if mode == _MEAN else result


def embedding_bag_weight(
    gradient: Array,
    like: Array,
    indices: Array,
    offsets: Array,
    by_frequency: bool,
    mode: int,
    per_sample: Array | None,
    include_last: bool,
    ignored: int,
    winners: Array,
) -> Array:
    """Return the gradient of the table: each bag's own for each of its rows."""
    bags, count = _bags(indices, offsets, include_last), _bag_count(offsets, include_last)
    kept = indices != ignored
    result = np.zeros(like.shape)
    if mode == _MAX:
        full = np.bincount(bags[kept], minlength=count) > 0
        columns = np.arange(like.shape[1])
        np.add.at(result, (winners[full], columns), gradient[full])
        return result
    sent = gradient[bags]
    if mode == _MEAN:
        sent = sent / np.bincount(bags[kept], minlength=count)[bags][:, None]
    if per_sample is not None:
        sent = sent * per_sample[:, None]
    if by_frequency:
        sent = sent / bag_frequencies(indices)[0][:, None]
    np.add.at(result, indices[kept], sent[kept])
    return result


def bag_frequencies(indices: Array) -> tuple[Array, Array]:
    """Return by what PyTorch divides each index's gradient, and how often the index occurs.

    Its kernel takes the count of the i-th smallest index, repetitions included, for the i-th
    distinct one, so the two differ where an index after a repeated one has another count.
    """
    _, distinct, counts = np.unique(indices, return_inverse=True, return_counts=True)
    of_sorted = np.repeat(counts, counts)
    return of_sorted[distinct], counts[distinct]


def embedding_bag_factors(
    gradient: Array, weight: Array, indices: Array, offsets: Array, include_last: bool, ignored: int
) -> Array:
    """Return the gradient of each index's own factor."""
    bags = _bags(indices, offsets, include_last)
    factors = (gradient[bags] * weight[indices]).sum(axis=-1)
    return np.where(indices == ignored, 0.0, factors)


FUNCTIONS: Final[dict[str, Function]] = {
    "attention_scale": Function(attention_scale, "1/√d", r"\frac{{1}}{{\sqrt{{d}}}}"),
    "attention_scores": Function(attention_scores),
    "attention_weights": Function(attention_weights, "P", "P", shared=True),
    "shared_heads": Function(shared_heads, "{0}", "{0}"),
    "summed_heads": Function(summed_heads, "{0}", "{0}"),
    "lookup": Function(lookup, "{0!p}[{1}]", r"{0!p}_{{{1}}}"),
    "lookup_vjp": Function(lookup_vjp),
    "embedding_bag": Function(embedding_bag),
    "embedding_bag_weight": Function(embedding_bag_weight),
    "embedding_bag_factors": Function(embedding_bag_factors),
    "length": Function(len, "rows({0})", r"\operatorname{{rows}}({0})"),
}
