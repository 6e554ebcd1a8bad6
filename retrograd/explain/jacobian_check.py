"""vᵀJ, computed by us, held against the gradient that PyTorch sent to the input."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import wide
from retrograd.explain.check import Check, not_checked
from retrograd.explain.comparison import Results, compare
from retrograd.explain.edges import edges
from retrograd.explain.jacobian_map import Convention, Map
from retrograd.store.elements import Array
from retrograd.store.model import NodeRun
from retrograd.store.value import Value

WORK: Final = 400_000_000
"""Most multiplications spent on it, or ten times as many elements as an op may touch."""


def upstream_of(found: Map, run: NodeRun) -> Value | None:
    """Return v: the gradient that came in for the output."""
    return run.grad_outputs[found.output] if found.output < len(run.grad_outputs) else None


def pulled_back(
    found: Map, run: NodeRun, matrix: Array | None
) -> tuple[Check | None, Array | None]:
    """Return the check of vᵀJ, and vᵀJ; both None where PyTorch sent nothing."""
    op, position = found.op, found.source.position
    sent = run.grad_inputs[position] if position < len(run.grad_inputs) else None
    if sent is None:
        return None, None
    factor = found.factor
    work = 10 * found.size if factor is None else factor.multiplications
    if work > WORK:
        return not_checked("jacobian-too-costly", found.known), None
    only = tuple([g if p == position else None for p, g in enumerate(run.grad_inputs)])
    asked = replace(run, grad_inputs=only)

    def again(noise: Any = None) -> Results:
        return [edge.result for edge in edges(op, asked, noise)]

    edge = next(edges(op, asked))
    if edge.problem is not None:
        return not_checked(edge.problem, found.known), None
    mine = _multiplied(found, run, matrix)
    results = again() if mine is None else [mine]
    return compare(results, [sent], again, found.known), results[0]


def _multiplied(found: Map, run: NodeRun, matrix: Array | None) -> Array | None:
    """Return vᵀJ from the matrix, None where the gradient is more than that.

    It is where several outputs send one, where the entries are no linear map of complex numbers,
    where a write into a view works on the whole base, or where an entry is infinite (0 · ∞ is NaN,
    in a matrix product only).
    """
    upstream = upstream_of(found, run)
    sent = run.grad_inputs[found.source.position]
    others = [g for n, g in enumerate(run.grad_outputs) if n != found.output]
    if (
        matrix is None
        or upstream is None
        or upstream.array is None
        or sent is None
        or any(g is not None and (g.array is None or g.array.any()) for g in others)
        or (upstream.shape, sent.shape) != (found.result.shape, found.source.value.shape)
        or found.convention not in (Convention.REAL, Convention.HOLOMORPHIC)
        or not np.isfinite(matrix).all()
    ):
        return None
    vector: Any = wide(upstream)
    product: Array = np.asarray(vector).reshape(-1) @ np.conj(matrix)
    return product.reshape(sent.shape)
