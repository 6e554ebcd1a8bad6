"""What a formula can call: NumPy code and notation in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class NotKept(Exception):
    """A value that a formula needs was not recorded with all its elements."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of formulas.

    ``unicode`` and ``latex`` are templates over the typeset arguments (``{0}``, ``{1}``, …,
    ``{all}``); without them it is set as ``name(arguments)``. In a template an argument stands
    bare where brackets or a bar enclose it (``ln({0})``), else ``{0!p}`` puts it into
    parentheses where it needs them (``{0!p}ᵀ``). An ``exact`` one asks a question of its
    arguments: it is computed without noise (see ``comparison``). A ``shared`` one is dear, and
    its result is kept while the formulas of one op are computed. ``rounding`` is the relative
    error of one that rounds its result to a coarser dtype than its arguments have. ``terms``
    computes the sum of the magnitudes of the terms that the result is the sum of.
    """

    compute: Callable[..., Any]
    unicode: str | None = None
    latex: str | None = None
    exact: bool = False
    shared: bool = False
    rounding: float | None = None
    terms: Callable[..., Any] | None = None
