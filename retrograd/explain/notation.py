"""Typesets formulas: as Unicode for a terminal, as LaTeX for papers and pages."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.functions import FUNCTIONS

COMPARISON, SUM, PRODUCT, NEGATIVE, POWER, ATOM = range(6)
_BRACKETS: Final = {"(": 1, "[": 1, "{": 1, "|": 0, ")": -1, "]": -1, "}": -1}
_NO_COMMAND: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΧοςό"
_SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Piece:
    """A typeset part, and how tightly it holds together."""

    text: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        """Return the text for a place that needs a strength, in parentheses where it lacks it."""
        return self.text if self.strength >= strength else f"({self.text})"

    def __format__(self, spec: str) -> str:
        return self.within(POWER if spec == "p" else COMPARISON)


def number(value: Any, digits: int = 4) -> str:
    """Return a number with up to so many significant digits, its minus as ``−``."""
    if value is None or isinstance(value, str):  # a dtype or a mode among an op's arguments
        return str(value)
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (complex, np.complexfloating)):
        return f"({value.real:.{digits}g}{value.imag:+.{digits}g}i)".replace("-", "−")
    text = _ODD.get(text := f"{float(value):.{digits}g}", text)
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}e{int(power)}".replace("-", "−") if exponent else text.replace("-", "−")


_ODD: Final = {"nan": "NaN", "inf": "∞", "-inf": "−∞"}


def numeral(value: Any) -> Piece:
    """Return a number as a piece; a negative one asks for parentheses beside an operator."""
    text = number(value)
    return Piece(text, NEGATIVE if text.startswith("−") else ATOM)


def filled(template: str, parts: Sequence[Piece]) -> Piece:
    """Put typeset arguments into a function's template."""
    if template == "{0}":
        return parts[0]
    listed = ", ".join(part.text for part in parts)
    text = template.replace("!p}", ":p}").format(*parts, all=listed)
    return Piece(text, _strength(text))


def _strength(text: str) -> int:
    """Return how tightly a filled template holds, by the weakest sign outside brackets."""
    depth, found = 0, ATOM
    for word in re.findall(r"[()\[\]{}]|\s[+−/·=≤<>∧∨⋆∗⊕-]\s|\\c?dot\b|\\star|\\ast|.", text):
        depth += _BRACKETS.get(word, 0)
        if depth == 0 and len(word) > 1:
            sign = word.strip()
            weak = COMPARISON if sign in "=≤<>∧∨" else SUM if sign in "+−-" else PRODUCT
            found = min(found, weak)
    return found


class Setter:
    """Sets a formula; the signs of a target differ, its grammar does not."""

    signs: Mapping[type[ast.operator], tuple[str, int]]
    relations: Mapping[type[ast.cmpop], str]

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def set(self, node: ast.expr) -> Piece:
        """Return a part of a formula in the target's notation."""
        if isinstance(node, ast.Name):
            return self.name(self.names.get(node.id, node.id))
        if isinstance(node, ast.Constant):
            return self.constant(node.value)
        if isinstance(node, ast.UnaryOp):
            return Piece(f"{self.minus}{self.set(node.operand).within(PRODUCT)}", NEGATIVE)
        if isinstance(node, ast.BinOp):
            return self.binary(node)
        if isinstance(node, ast.Compare):
            left, right = self.set(node.left), self.set(node.comparators[0])
            sign = self.relations[type(node.ops[0])]
            return Piece(f"{left.within(SUM)} {sign} {right.within(SUM)}", COMPARISON)
        if isinstance(node, ast.IfExp):
            return self.choice(*map(self.set, (node.body, node.test, node.orelse)))
        if isinstance(node, ast.Tuple):
            return Piece(f"({', '.join(self.set(item).text for item in node.elts)})")
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        return self.call(node.func.id, [self.set(argument) for argument in node.args])

    def binary(self, node: ast.BinOp) -> Piece:
        """Return an operation on two parts."""
        sign, strength = self.signs[type(node.op)]
        left, right = self.set(node.left), self.set(node.right)
        if isinstance(node.op, ast.Mult) and "1" in (left.text, right.text):
            return right if left.text == "1" else left
        if isinstance(node.op, ast.Pow):
            return self.power(left, right)
        commutes = isinstance(node.op, (ast.Add, ast.Mult))
        needs = strength if commutes else strength + 1
        text = right.within(POWER if right.strength == NEGATIVE else needs)
        return Piece(f"{left.within(strength)}{sign}{text}", strength)

    minus = "−"

    def name(self, symbol: str) -> Piece:
        """Return a symbol."""
        raise NotImplementedError

    def constant(self, value: Any) -> Piece:
        """Return a constant of the formula."""
        raise NotImplementedError

    def power(self, base: Piece, exponent: Piece) -> Piece:
        """Return a power."""
        raise NotImplementedError

    def choice(self, then: Piece, test: Piece, otherwise: Piece) -> Piece:
        """Return one of two parts, by a condition."""
        raise NotImplementedError

    def call(self, function: str, parts: list[Piece]) -> Piece:
        """Return a function of parts."""
        raise NotImplementedError


class Unicode(Setter):
    """Notation in one line of plain text; a matrix product keeps Python's ``@``."""

    signs = {
        ast.Add: (" + ", SUM),
        ast.Sub: (" − ", SUM),
        ast.Mult: (" · ", PRODUCT),
        ast.Div: (" / ", PRODUCT),
        ast.MatMult: (" @ ", PRODUCT),
        ast.Pow: ("^", POWER),
    }
    relations = {
        ast.Lt: "<",
        ast.LtE: "≤",
        ast.Gt: ">",
        ast.GtE: "≥",
        ast.Eq: "=",
        ast.NotEq: "≠",
        ast.Is: "=",
        ast.IsNot: "≠",
    }

    def name(self, symbol: str) -> Piece:
        """Return a symbol as it is."""
        return Piece(symbol)

    def constant(self, value: Any) -> Piece:
        """Return a number, or a word."""
        if isinstance(value, (int, float, complex)):
            return numeral(value)
        return Piece(str(value))

    def power(self, base: Piece, exponent: Piece) -> Piece:
        """Return a power, with a raised exponent where it is a whole number."""
        if exponent.text.isdecimal():
            return Piece(base.within(ATOM) + exponent.text.translate(_SUPERSCRIPTS), POWER)
        return Piece(f"{base.within(ATOM)}^{exponent.within(ATOM)}", POWER)

    def choice(self, then: Piece, test: Piece, otherwise: Piece) -> Piece:
        """Return ``a if condition else b``."""
        return Piece(f"{then.within(SUM)} if {test.text} else {otherwise.within(SUM)}", COMPARISON)

    def call(self, function: str, parts: list[Piece]) -> Piece:
        """Return the function's own notation, else ``name(…)``."""
        return filled(FUNCTIONS[function].unicode or f"{function}({{all}})", parts)


class Latex(Setter):
    """Notation for LaTeX in math mode; needs amsmath."""

    minus = "-"
    signs = {
        ast.Add: (" + ", SUM),
        ast.Sub: (" - ", SUM),
        ast.Mult: (r" \cdot ", PRODUCT),
        ast.Div: (" / ", PRODUCT),
        ast.MatMult: (r" \, ", PRODUCT),
        ast.Pow: ("^", POWER),
    }
    relations = {
        ast.Lt: "<",
        ast.LtE: r"\le",
        ast.Gt: ">",
        ast.GtE: r"\ge",
        ast.Eq: "=",
        ast.NotEq: r"\ne",
        ast.Is: "=",
        ast.IsNot: r"\ne",
    }

    def name(self, symbol: str) -> Piece:
        """Return a symbol; ``∂loss/∂w`` becomes a fraction."""
        return Piece(latex_symbol(symbol))

    def constant(self, value: Any) -> Piece:
        """Return a number, or an upright word."""
        if isinstance(value, (int, float, complex)) and not isinstance(value, bool):
            text = number(value).replace("−", "-").replace("∞", r"\infty ")
            digits, exponent, power = text.partition("e")
            if exponent:
                text = rf"{digits} \times 10^{{{power}}}"
            return Piece(text, PRODUCT if exponent else NEGATIVE if text[0] == "-" else ATOM)
        return Piece(rf"\mathrm{{{_escaped(str(value))}}}")

    def binary(self, node: ast.BinOp) -> Piece:
        """Return an operation; a quotient as a fraction."""
        if isinstance(node.op, ast.Div):
            return self.quotient(node.left, self.set(node.right).text)
        return super().binary(node)

    def quotient(self, above: ast.expr, below: str) -> Piece:
        """Return a fraction; what is one already stands beside it, for none can be read in one."""
        whole = self.set(above).text
        if r"\frac" not in whole:
            return Piece(rf"\frac{{{whole}}}{{{below}}}")
        if isinstance(above, ast.UnaryOp):
            return Piece(f"{self.minus}{self.quotient(above.operand, below).text}", NEGATIVE)
        parts = [self.set(part) for part in _factors(above)]
        dot, _ = self.signs[ast.Mult]
        plain = dot.join(part.within(PRODUCT) for part in parts if r"\frac" not in part.text)
        beside = dot.join(part.within(PRODUCT) for part in parts if r"\frac" in part.text)
        return Piece(rf"\frac{{{plain or 1}}}{{{below}}}{dot}{beside}", PRODUCT)

    def power(self, base: Piece, exponent: Piece) -> Piece:
        """Return a power."""
        return Piece(f"{{{base.within(ATOM)}}}^{{{exponent.text}}}", POWER)

    def choice(self, then: Piece, test: Piece, otherwise: Piece) -> Piece:
        """Return two cases."""
        return Piece(
            rf"\begin{{cases}} {then.text} & {test.text} \\ "
            rf"{otherwise.text} & \text{{else}} \end{{cases}}"
        )

    def call(self, function: str, parts: list[Piece]) -> Piece:
        """Return the function's own notation, else its upright name."""
        plain = rf"\operatorname{{{{{_escaped(function)}}}}}({{all}})"
        return filled(FUNCTIONS[function].latex or plain, parts)


def _factors(node: ast.expr) -> list[ast.expr]:
    """Return what is multiplied in a product, by elements."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _factors(node.left) + _factors(node.right)
    return [node]


def latex_symbol(symbol: str) -> str:
    """Return a symbol for math mode: one letter as it is, a longer name upright."""
    parts = symbol.split("/")
    if len(parts) == 2 and all(part.startswith("∂") for part in parts):
        above, below = (rf"\partial {latex_symbol(part[1:])}" for part in parts)
        return rf"\frac{{{above}}}{{{below}}}"
    if symbol.endswith("′"):
        return f"{latex_symbol(symbol[:-1])}'"
    if symbol.endswith(_HAT):
        return rf"\hat{{{latex_symbol(symbol[:-1])}}}"
    numbered = re.fullmatch(r"(\D)_?(\d+)", symbol.translate(_PLAIN_DIGITS))
    if numbered:
        return f"{latex_symbol(numbered[1])}_{{{numbered[2]}}}"
    if len(symbol) == 1 and symbol.isalnum():
        return _GREEK.get(symbol, symbol)
    return rf"\mathrm{{{_escaped(symbol)}}}"


def _greek_word(letter: str) -> list[str]:
    """Return LaTeX's command for a Greek letter, in a list that is empty where there is none."""
    if letter in _NO_COMMAND:
        return []
    kind, _, word = unicodedata.name(letter, "").removeprefix("GREEK ").partition(" LETTER ")
    word = {"LAMDA": "LAMBDA"}.get(word, word).lower()
    return [] if not word.isalpha() else [word.capitalize() if kind == "CAPITAL" else word]


_HAT: Final = "\N{COMBINING CIRCUMFLEX ACCENT}"
_PLAIN_DIGITS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_GREEK: Final = {
    chr(code): rf"\{word}"
    for code in (*range(ord("Α"), ord("Ω") + 1), *range(ord("α"), ord("ω") + 1))
    for word in _greek_word(chr(code))
}
"""LaTeX's commands for the Greek letters that have one; the others look like Latin ones."""
_SPECIAL: Final = {
    "\\": r"\backslash ",
    "∂": r"\partial ",
    "∅": r"\varnothing ",
    "^": r"\hat{}",
    "~": r"\sim ",
}


def _escaped(text: str) -> str:
    """Return text without anything that LaTeX would act upon."""
    return "".join(
        _SPECIAL.get(c)
        or (f"{{{_GREEK[c]}}}" if c in _GREEK else f"\\{c}" if c in "#$%&_{}" else c)
        for c in text
        if c.isprintable()
    )
