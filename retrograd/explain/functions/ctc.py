"""The connectionist temporal classification loss: forward and backward variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from retrograd.store.elements import Array


def _targets(targets: Array, lengths: Sequence[int]) -> list[Array]:
    """Return each sample's labels, whether they are padded rows or one row end to end."""
    if targets.ndim == 2:
        return [row[:length] for row, length in zip(targets, lengths, strict=True)]
    ends = np.cumsum(lengths)
    return [targets[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _extended(labels: Array, blank: int) -> Array:
    """Return the labels with a blank before, between and after."""
    found = np.full(2 * len(labels) + 1, blank, dtype=np.int64)
    found[1::2] = labels
    return found


def _forward_variables(scores: Array, states: Array) -> Array:
    """Return ln of the probability of all paths that are in a state at a time (alpha)."""
    count = len(states)
    alpha = np.full((len(scores), count), -np.inf)
    if not len(scores):
        return alpha
    alpha[0, :2] = scores[0, states[:2]]
    # A path may skip a blank, but not the one between two equal labels.
    skips = np.zeros(count, dtype=bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    for time in range(1, len(scores)):
        before = alpha[time - 1]
        one = np.concatenate([[-np.inf], before[:-1]])
        two = np.concatenate([[-np.inf, -np.inf], before])[:count]
        reached = np.logaddexp(before, one)
        reached = np.where(skips, np.logaddexp(reached, two), reached)
        alpha[time] = reached + scores[time, states]
    return alpha


def _loss(alpha: Array) -> float:
    return -float(np.logaddexp.reduce(alpha[-1, -2:])) if len(alpha) else 0.0


def _samples(
    log_probs: Array, targets: Array, lengths: Any, target_lengths: Any, blank: int
) -> list[tuple[int, Array, Array]]:
    """Return (time steps, their scores, extended labels) of each sample."""
    rows = _targets(targets, [int(n) for n in target_lengths])
    return [
        (int(time), log_probs[: int(time), index], _extended(labels, blank))
        for index, (time, labels) in enumerate(zip(lengths, rows, strict=True))
    ]


def ctc_loss(
    log_probs: Array, targets: Array, lengths: Any, target_lengths: Any, blank: int
) -> Array:
    """Return each sample's minus ln of the probability of all alignments of its labels.

    Infinite where there is none: ``zero_infinity`` is another op's, and the gradient's.
    """
    log_probs, targets, _ = _batched(log_probs, targets)
    samples = _samples(log_probs, targets, lengths, target_lengths, blank)
    return np.array([_loss(_forward_variables(s, states)) for _, s, states in samples])


def ctc_vjp(
    gradient: Array,
    log_probs: Array,
    targets: Array,
    lengths: Any,
    target_lengths: Any,
    blank: int,
    zero_infinity: bool,
) -> Array:
    """Return the gradient as PyTorch defines it, softmax included: exp(score) − posterior."""
    log_probs, targets, single = _batched(log_probs, targets)
    result = np.zeros(log_probs.shape)
    gradients = np.broadcast_to(gradient, (log_probs.shape[1],))
    samples = _samples(log_probs, targets, lengths, target_lengths, blank)
    for index, (time, scores, states) in enumerate(samples):
        alpha = _forward_variables(scores, states)
        loss = _loss(alpha)
        if zero_infinity and np.isinf(loss):
            continue
        # Beta is alpha of the reversed sequence; both contain the score of their own time.
        beta = _forward_variables(scores[::-1], states[::-1])[::-1, ::-1]
        posterior = np.full(scores.shape, -np.inf)
        for place, state in enumerate(states):
            both = alpha[:, place] + beta[:, place]
            posterior[:, state] = np.logaddexp(posterior[:, state], both)
        slope = np.exp(scores) - np.exp(posterior + loss - scores)
        result[:time, index] = slope * gradients[index]
    return result[:, 0] if single else result


def _batched(log_probs: Array, targets: Array) -> tuple[Array, Array, bool]:
    single = log_probs.ndim == 2
    return (log_probs[:, None] if single else log_probs), targets, single
