"""Functions of optimizers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function


def root_mean_square(array: Any) -> Any:
    """Return the root of the mean square of all elements."""
    return np.sqrt(np.mean(np.square(array)))


FUNCTIONS: Final[dict[str, Function]] = {
    "root_mean_square": Function(root_mean_square, "rms({0})", r"\operatorname{{rms}}({0})"),
    "row_mean": Function(
        lambda a: np.mean(a, axis=-1, keepdims=True),
        "mean of rows({0})",
        r"\operatorname{{mean}}_{{\text{{rows}}}}({0})",
    ),
    "column_mean": Function(
        lambda a: np.mean(a, axis=-2, keepdims=True),
        "mean of columns({0})",
        r"\operatorname{{mean}}_{{\text{{columns}}}}({0})",
    ),
}
