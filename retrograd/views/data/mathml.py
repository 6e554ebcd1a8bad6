"""Formulas as MathML, which browsers set by themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from latex2mathml.converter import convert

from retrograd.explain.formula import Formula
from retrograd.explain.notation import latex_symbol

_LETTERS: Final = re.compile(r'(?:<mi mathvariant="normal">[^<]+</mi>)+')
_NUMBERED: Final = re.compile(r"\b([A-Za-z])_\{(\d+)\}")
_PRIMED: Final = re.compile(
    r"<msup><mrow><mi>([^<]{2,})</mi></mrow><mi>(?:&#x02032;|′)</mi></msup>"
)
_LETTER: Final = re.compile(r">([^<]+)<")


def equation(
    symbol: str, formula: Formula | None, names: Mapping[str, str], *, real: bool
) -> str | None:
    """Return ``symbol = formula`` as MathML, None where there is no formula.

    Conjugates of what is ``real`` anyway are left out.
    """
    if formula is None:
        return None
    shown = for_real(formula) if real else formula
    return mathml(f"{latex_symbol(symbol)} = {shown.latex(names)}")


def for_real(formula: Formula) -> Formula:
    """Return a formula as it reads for real numbers: without conjugates, with plain transposes."""
    return _real(formula.text)


@lru_cache(maxsize=1024)
def _real(text: str) -> Formula:
    return Formula(ast.unparse(_Real().visit(ast.parse(text, mode="eval"))))


class _Real(ast.NodeTransformer):
    """Writes a formula as it reads for real numbers."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Take the argument of a conjugate for itself, and a transpose for its adjoint."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "conj":
            return node.args[0]
        if isinstance(node.func, ast.Name) and node.func.id == "H":
            node.func.id = "T"
        return node


@lru_cache(maxsize=4096)
def mathml(latex: str) -> str:
    """Return LaTeX as MathML; an upright word becomes one identifier."""
    grouped = _NUMBERED.sub(r"{\1_{\2}}", latex)  # it may get an index of its own behind it
    words = _LETTERS.sub(_word, convert(grouped, display="block"))
    return _PRIMED.sub(r"<mi>\1′</mi>", words)  # raised, a prime would stand off the word


def _word(found: re.Match[str]) -> str:
    return f"<mi>{''.join(_LETTER.findall(found[0]))}</mi>"
