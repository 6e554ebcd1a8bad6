"""One term of an update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retrograd.explain.formula import Formula
from retrograd.explain.worked import Index, Worked
from retrograd.store.elements import Array


@dataclass(frozen=True, slots=True)
class Term:
    """One formula of an update with its result and, where it is element by element, one worked."""

    symbol: str
    formula: Formula
    names: Mapping[str, str]
    value: Array | None
    worked: Worked | None = None


def largest(array: Array) -> Index:
    """Return the index of a telling example: the element farthest from zero, NaN before all."""
    with np.errstate(all="ignore"):
        sizes = np.nan_to_num(np.abs(array).astype(np.float64), nan=np.inf)
    return tuple(int(i) for i in np.unravel_index(int(sizes.argmax()), array.shape))
