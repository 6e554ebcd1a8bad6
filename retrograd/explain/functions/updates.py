"""Functions of optimizers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function


def root_mean_square(array: Any) -> Any:
    """Return the root of the mean square of all elements."""
    return np.sqrt(np.mean(np.square(array)))


def to_bfloat16(array: Any) -> Any:
    """Return numbers rounded to bfloat16, to the nearest and half to even, as PyTorch rounds."""
    single = np.asarray(array, np.float32)
    bits = single.view(np.uint32)
    nearest = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) >> np.uint32(16)
    rounded = (nearest << np.uint32(16)).view(np.float32)
    return np.where(np.isfinite(single), rounded, single).astype(np.float64)


FUNCTIONS: Final[dict[str, Function]] = {
    "root_mean_square": Function(root_mean_square, "rms({0})", r"\operatorname{{rms}}({0})"),
    "bfloat16": Function(
        to_bfloat16, "bfloat16({0})", r"\operatorname{{bfloat16}}({0})", rounding=2.0**-8
    ),
    "frobenius": Function(np.linalg.norm, "‖{0}‖", r"\lVert {0} \rVert"),
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
