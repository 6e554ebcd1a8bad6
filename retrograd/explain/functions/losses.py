"""Functions of losses: how they are reduced, and those that are algorithms."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.ctc import ctc_loss, ctc_vjp
from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array

_MEAN: Final = 1  # PyTorch's numbers of reductions: none, mean, sum
_SUM: Final = 2

# LaTeX templates: the score of each sample's target, and what goes to these scores alone.
_PICKED: Final = "{{{0!p}}}_{{i, {{{1}}}_i}}"
_AT_TARGET: Final = (
    r"\begin{{{{cases}}}} -{} & j = {{{{{{2}}}}}}_i \\ 0 & \text{{{{else}}}} \end{{{{cases}}}}"
)


def reduced(losses: Array, reduction: int) -> Any:
    """Return the losses, their mean or their sum."""
    if reduction == _MEAN:
        return losses.mean() if losses.size else np.float64(np.nan)
    return losses.sum() if reduction == _SUM else losses


def share(losses: Array, reduction: int) -> Any:
    """Return the weight of one loss in what the reduction makes of all: 1 / n for the mean."""
    return np.float64(1.0) / losses.size if reduction == _MEAN else 1.0


def softplus(array: Array) -> Array:
    """Return ln(1 + exp(x)) without overflow."""
    return np.asarray(np.logaddexp(0.0, array))


def logistic(array: Array) -> Array:
    """Return the sigmoid without overflow."""
    return np.exp(-np.logaddexp(0.0, -array))


def huber(array: Array, delta: float) -> Array:
    """Return x² / 2 up to delta, and from there on its tangent."""
    size = np.abs(array)
    return np.where(size <= delta, array**2 / 2, delta * (size - delta / 2))


def huber_slope(array: Array, delta: float) -> Array:
    """Return the derivative of ``huber``: x, limited to ±delta."""
    return np.clip(array, -delta, delta)


def smooth_l1(array: Array, beta: float) -> Array:
    """Return ``huber`` divided by beta; for beta 0 its limit, the absolute value."""
    return huber(array, beta) / beta if beta else np.abs(array)


def smooth_l1_slope(array: Array, beta: float) -> Array:
    """Return the derivative of ``smooth_l1``."""
    return huber_slope(array, beta) / beta if beta else np.sign(array)


def clamped_log(array: Array) -> Array:
    """Return the logarithm, at least −100, as PyTorch's cross-entropy has it."""
    return np.maximum(np.log(array), -100.0)


def class_weights(target: Array, classes: int, weight: Array | None, ignored: int) -> Array:
    """Return each target's weight: 0 for an ignored one."""
    kept = target != ignored
    each = np.ones(classes) if weight is None else weight
    return np.where(kept, each[np.where(kept, target, 0)], 0.0)


def nll(
    scores: Array, target: Array, weight: Array | None, reduction: int, ignored: int
) -> tuple[Any, Any]:
    """Return the negative log-likelihood of the targets, and the weight that it was divided by."""
    dim = 0 if scores.ndim == 1 else 1
    weights = class_weights(target, scores.shape[dim], weight, ignored)
    places = np.expand_dims(np.where(target == ignored, 0, target), dim)
    picked = np.take_along_axis(scores, places, axis=dim).squeeze(dim)
    losses = np.where(target == ignored, 0.0, -weights * picked)
    total = weights.sum()
    if reduction == 0 and scores.ndim > 1:
        return losses, np.float64(0.0)
    return (losses.sum() / total if reduction == _MEAN else losses.sum()), total


def _nll_as(reduction: int, scores: Array, target: Array, ignored: int) -> tuple[Any, Any]:
    """Return ``nll`` for one reduction, without weights of classes."""
    return nll(scores, target, None, reduction, ignored)


def nll_vjp(
    gradient: Array,
    like: Array,
    target: Array,
    weight: Array | None,
    reduction: int,
    ignored: int,
    total: Array,
) -> Array:
    """Return minus the gradient at each target's class, by weight, zeros at the other classes."""
    dim = 0 if like.ndim == 1 else 1
    weights = class_weights(target, like.shape[dim], weight, ignored)
    with np.errstate(all="ignore"):
        each = -gradient / total if reduction == _MEAN else -gradient
    places = np.expand_dims(np.where(target == ignored, 0, target), dim)
    result = np.zeros(like.shape)
    sent = np.expand_dims(np.where(target == ignored, 0.0, each * weights), dim)
    np.put_along_axis(result, places, sent, axis=dim)
    return result


def _nll_vjp_as(
    reduction: int, gradient: Array, like: Array, target: Array, ignored: int, total: Array
) -> Array:
    """Return ``nll_vjp`` for one reduction, without weights of classes."""
    return nll_vjp(gradient, like, target, None, reduction, ignored, total)


def nll_pick(
    gradient: Array,
    target: Array,
    weight: Array | None,
    reduction: int,
    ignored: int,
    total: Array | None,
) -> Array:
    """Return what ``nll_vjp`` sends back to its own gradient: it is linear.

    ``total`` is the sum of the weights, computed anew where it is None.
    """
    dim = 0 if gradient.ndim == 1 else 1
    weights = class_weights(target, gradient.shape[dim], weight, ignored)
    places = np.expand_dims(np.where(target == ignored, 0, target), dim)
    picked = np.take_along_axis(gradient, places, axis=dim).squeeze(dim)
    losses = np.where(target == ignored, 0.0, -weights * picked)
    if reduction == _MEAN:
        return np.asarray(losses.sum() / (weights.sum() if total is None else total))
    return losses if reduction == 0 else np.asarray(losses.sum())


def _margins(
    scores: Array, target: Array, p: float, margin: float, weight: Array | None
) -> tuple[Array, Array, Array]:
    rows = np.atleast_2d(scores)
    places = target.reshape(-1, 1)
    own = np.take_along_axis(rows, places, axis=1)
    gaps = margin - own + rows
    gaps = np.where(gaps > 0, gaps, 0.0)  # NaN counts nothing, as in PyTorch's kernel
    np.put_along_axis(gaps, places, 0.0, axis=1)
    weights = np.ones(rows.shape[0]) if weight is None else weight[places[:, 0]]
    return gaps, places, weights[:, None] / rows.shape[1]


def multi_margin(scores: Array, target: Array, p: float, margin: float, weight: Any) -> Array:
    """Return each sample's sum over wrong classes of max(0, margin − own + other)^p / classes."""
    gaps, _, weights = _margins(scores, target, p, margin, weight)
    return np.asarray((gaps**p * weights).sum(axis=1)).reshape(target.shape)


def multi_margin_slope(scores: Array, target: Array, p: float, margin: float, weight: Any) -> Array:
    """Return the derivative of each sample's loss by its scores."""
    gaps, places, weights = _margins(scores, target, p, margin, weight)
    slope = np.where(gaps > 0, p * gaps ** (p - 1), 0.0) * weights
    np.put_along_axis(slope, places, -slope.sum(axis=1, keepdims=True), axis=1)
    return slope.reshape(scores.shape)


def _listed(target: Array) -> Array:
    """Return how often each row lists each class before its first −1."""
    rows = np.atleast_2d(target)
    counts = np.zeros(rows.shape)
    for row, count in zip(rows, counts, strict=True):
        ends = np.flatnonzero(row < 0)
        np.add.at(count, row[: ends[0]] if ends.size else row, 1.0)
    return counts


def target_labels(target: Array) -> Array:
    """Return 1 for each class that a row lists before its first −1, else 0."""
    return np.minimum(_listed(target), 1.0).reshape(target.shape)


def _label_gaps(scores: Array, target: Array) -> tuple[Array, Array]:
    """Return how far each wrong label i comes within 1 of each right label j, and its weight."""
    rows, counts = np.atleast_2d(scores), _listed(target)
    gaps = 1.0 - rows[:, :, None] + rows[:, None, :]
    gaps = np.where(gaps > 0, gaps, 0.0)  # NaN counts nothing, as in PyTorch's kernel
    weights = counts[:, :, None] * (counts == 0)[:, None, :] / rows.shape[1]
    return gaps, weights


def multilabel_margin(scores: Array, target: Array) -> Array:
    """Return each sample's sum over right and wrong labels of max(0, 1 − right + wrong)."""
    gaps, weights = _label_gaps(scores, target)
    counted = np.where(weights == 0, 0.0, gaps * weights)
    return np.asarray(counted.sum(axis=(1, 2))).reshape(scores.shape[:-1])


def multilabel_margin_slope(scores: Array, target: Array) -> Array:
    """Return the derivative of each sample's loss by its scores."""
    gaps, weights = _label_gaps(scores, target)
    active = (gaps > 0) * weights
    return np.asarray(active.sum(axis=1) - active.sum(axis=2)).reshape(scores.shape)


def per_sample(gradient: Array, scores: Array) -> Array:
    """Return one number per sample so that it broadcasts over the classes."""
    return gradient[..., None] if scores.ndim > 1 and np.ndim(gradient) else gradient


FUNCTIONS: Final[dict[str, Function]] = {
    "reduced": Function(reduced),
    "share": Function(share),
    "softplus": Function(softplus, "ln(1 + exp({0}))", r"\ln(1 + \exp({0}))"),
    "logistic": Function(logistic, "σ({0})", r"\sigma({0})"),
    "at_least": Function(np.maximum, "max({0}, {1})", r"\max({0}, {1})"),
    "clamped_log": Function(clamped_log, "max(ln({0}), −100)", r"\max(\ln({0}), -100)"),
    "huber": Function(huber, "huber({0}, {1})", r"\operatorname{{huber}}({0}, {1})"),
    "huber_slope": Function(huber_slope, "clip({0}, ±{1})", r"\operatorname{{clip}}({0}, \pm{1})"),
    "smooth_l1": Function(smooth_l1),
    "smooth_l1_slope": Function(smooth_l1_slope),
    "nll": Function(nll),
    "nll_vjp": Function(nll_vjp),
    "nll_each": Function(partial(_nll_as, 0), "−{0!p}[i, {1}ᵢ]", f"-{_PICKED}"),
    "nll_mean": Function(
        partial(_nll_as, _MEAN),
        "meanᵢ(−{0!p}[i, {1}ᵢ])",
        rf"\operatorname{{{{mean}}}}_i(-{_PICKED})",
    ),
    "nll_sum": Function(partial(_nll_as, _SUM), "∑ᵢ −{0!p}[i, {1}ᵢ]", rf"\sum_i -{_PICKED}"),
    "nll_mean_vjp": Function(
        partial(_nll_vjp_as, _MEAN),
        "(−{0!p} / {4} at [i, {2}ᵢ], else 0)",
        _AT_TARGET.format(r"\frac{{1}}{{{4}}} \cdot {0!p}"),
    ),
    "nll_sum_vjp": Function(
        partial(_nll_vjp_as, _SUM), "(−{0!p} at [i, {2}ᵢ], else 0)", _AT_TARGET.format("{0!p}")
    ),
    "nll_pick": Function(nll_pick),
    "multi_margin": Function(multi_margin),
    "multi_margin_slope": Function(multi_margin_slope),
    "multilabel_margin": Function(multilabel_margin),
    "multilabel_margin_slope": Function(multilabel_margin_slope),
    "target_labels": Function(target_labels),
    "per_sample": Function(per_sample, "{0}", "{0}"),
    "ctc_loss": Function(ctc_loss),
    "ctc_vjp": Function(ctc_vjp),
}
