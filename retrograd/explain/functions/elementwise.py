"""Element-wise functions."""

from __future__ import annotations

from typing import Final

import numpy as np

from retrograd.explain.functions.function import Function

FUNCTIONS: Final[dict[str, Function]] = {
    "exp": Function(np.exp, "exp({0})", r"\exp({0})"),
    "log": Function(np.log, "ln({0})", r"\ln({0})"),
    "sqrt": Function(np.sqrt, "√({0})", r"\sqrt{{{0}}}"),
    "conj": Function(np.conj, "conj({0})", r"\overline{{{0}}}"),
    "where": Function(np.where),
}
