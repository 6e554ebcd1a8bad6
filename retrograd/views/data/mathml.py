"""Formulas as MathML, which browsers set by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from latex2mathml.converter import convert

from retrograd.explain.formula import Formula
from retrograd.explain.notation import latex_symbol

_LETTERS: Final = re.compile(r'(?:<mi mathvariant="normal">[^<]+</mi>)+')
_LETTER: Final = re.compile(r">([^<]+)<")


def equation(symbol: str, formula: Formula | None, names: Mapping[str, str]) -> str | None:
    """Return ``symbol = formula`` as MathML, None where there is no formula."""
    if formula is None:
        return None
    return mathml(f"{latex_symbol(symbol)} = {formula.latex(names)}")


@lru_cache(maxsize=4096)
def mathml(latex: str) -> str:
    """Return LaTeX as MathML; an upright word becomes one identifier."""
    return _LETTERS.sub(_word, convert(latex, display="block"))


def _word(found: re.Match[str]) -> str:
    return f"<mi>{''.join(_LETTER.findall(found[0]))}</mi>"
