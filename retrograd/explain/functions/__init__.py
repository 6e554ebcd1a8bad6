"""The functions that formulas may call, one module for each field."""

from __future__ import annotations

from typing import Final

from retrograd.explain.functions import (
    arrays,
    attention,
    convolution,
    decompositions,
    distances,
    elementwise,
    fourier,
    grid,
    indexing,
    linalg,
    losses,
    nn,
    norms,
    pooling,
    recurrent,
    reductions,
    separable,
    special,
    systems,
    updates,
)
from retrograd.explain.functions.function import Function

__all__ = ["FUNCTIONS", "Function"]


def _merged(*parts: dict[str, Function]) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for part in parts:
        twice = found.keys() & part.keys()
        if twice:
            raise ValueError(f"two functions for formulas named {sorted(twice)}")
        found.update(part)
    return found


FUNCTIONS: Final = _merged(
    arrays.FUNCTIONS,
    attention.FUNCTIONS,
    convolution.FUNCTIONS,
    decompositions.FUNCTIONS,
    distances.FUNCTIONS,
    elementwise.FUNCTIONS,
    fourier.FUNCTIONS,
    grid.FUNCTIONS,
    indexing.FUNCTIONS,
    linalg.FUNCTIONS,
    losses.FUNCTIONS,
    nn.FUNCTIONS,
    norms.FUNCTIONS,
    pooling.FUNCTIONS,
    recurrent.FUNCTIONS,
    reductions.FUNCTIONS,
    separable.FUNCTIONS,
    special.FUNCTIONS,
    systems.FUNCTIONS,
    updates.FUNCTIONS,
)
