"""What is pasted into a paper or a notebook can be set there."""

from __future__ import annotations

import ast

import pytest

from retrograd.explain.notation import Latex, latex_symbol, number
from retrograd.explain.rules import all_rules


@pytest.mark.parametrize(
    ("symbol", "latex"),
    [
        ("w", "w"),
        ("a12", "a_{12}"),
        ("weights", r"\mathrm{weights}"),
        ("weights′", r"\mathrm{weights}'"),
        ("g_up", r"\mathrm{g\_up}"),
        ("_", r"\mathrm{\_}"),
        ("λ", r"\lambda"),
        ("γ.grad", r"\mathrm{{\gamma}.grad}"),
        ("β₁", r"\beta_{1}"),
        ("X_3", "X_{3}"),
        ("m̂", r"\hat{m}"),
        ("Δ", r"\Delta"),
        ("∂loss/∂γ", r"\frac{\partial \mathrm{loss}}{\partial \gamma}"),
        (r"a\b{c}$", r"\mathrm{a\backslash b\{c\}\$}"),
    ],
)
def test_a_symbol_in_latex(symbol: str, latex: str) -> None:
    assert latex_symbol(symbol) == latex


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("a / n", r"\frac{a}{n}"),
        ("g / n", r"\frac{1}{n} \cdot \frac{\partial L}{\partial a}"),
        ("-g / n", r"-\frac{1}{n} \cdot \frac{\partial L}{\partial a}"),
        ("2 * a * g / n", r"\frac{2 \cdot a}{n} \cdot \frac{\partial L}{\partial a}"),
        ("(g + a) / n", r"\frac{1}{n} \cdot (\frac{\partial L}{\partial a} + a)"),
        ("a / b * g", r"\frac{a}{b} \cdot \frac{\partial L}{\partial a}"),
    ],
)
def test_no_fraction_stands_in_the_numerator_of_one(formula: str, latex: str) -> None:
    node = ast.parse(formula, mode="eval").body
    assert Latex({"g": "∂L/∂a"}).set(node).text == latex


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.5"), (-1e-9, "−1e−9"), (float("nan"), "NaN"), (-float("inf"), "−∞"), (True, "True")],
)
def test_a_number_is_written_as_people_write_it(value: float, text: str) -> None:
    assert number(value) == text


def test_every_formula_can_be_set() -> None:
    """LaTeX knows all its letters, and every brace is closed."""
    formulas = {
        formula for rule in all_rules().values() for formula in (rule.formula, *rule.vjps.values())
    }
    assert len(formulas) > 500
    for formula in formulas:
        text = formula.latex()
        assert text.isascii(), formula
        braces = text.replace(r"\{", "").replace(r"\}", "")
        depth = 0
        for character in braces:
            depth += (character == "{") - (character == "}")
            assert depth >= 0, formula
        assert depth == 0, formula
        assert formula.unicode(), formula
