"""The functions that formulas may call: NumPy code and notation of each, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np


@dataclass(frozen=True, slots=True)
class Function:
    """What a formula can call.

    ``unicode`` and ``latex`` are templates over the typeset arguments (``{0}``, ``{1}``, …,
    ``{all}``); without them it is set as ``name(arguments)``.
    """

    compute: Callable[..., Any]
    unicode: str | None = None
    latex: str | None = None


def adjoint(array: Any) -> Any:
    """Return the conjugate transpose of the last two dimensions."""
    return np.conj(np.swapaxes(array, -1, -2))


FUNCTIONS: Final[dict[str, Function]] = {
    "exp": Function(np.exp, "exp({0})", r"\exp({0})"),
    "log": Function(np.log, "ln({0})", r"\ln({0})"),
    "sqrt": Function(np.sqrt, "√({0})", r"\sqrt{{{0}}}"),
    "conj": Function(np.conj, "conj({0})", r"\overline{{{0}}}"),
    "T": Function(lambda a: np.swapaxes(a, -1, -2), "{0}ᵀ", r"{{{0}}}^{{\top}}"),
    "H": Function(adjoint, "{0}ᵀ", r"{{{0}}}^{{\top}}"),
    "where": Function(np.where),
}
