"""Functions on matrices."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function


def adjoint(array: Any) -> Any:
    """Return the conjugate transpose of the last two dimensions."""
    return np.conj(np.swapaxes(array, -1, -2))


FUNCTIONS: Final[dict[str, Function]] = {
    "T": Function(lambda a: np.swapaxes(a, -1, -2), "{0!p}ᵀ", r"{{{0!p}}}^{{\top}}"),
    "H": Function(adjoint, "{0!p}ᵀ", r"{{{0!p}}}^{{\top}}"),
}
