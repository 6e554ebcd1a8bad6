"""Comparisons and logic: their results are true or false, and nothing flows back."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule


def _test(op: str, formula: str) -> Rule:
    return rule(op, formula, {}, Structure.ZERO, "definition", smooth=False)


RULES: Final = (
    _test("eq", "self == other"),
    _test("ne", "self != other"),
    _test("lt", "self < other"),
    _test("le", "self <= other"),
    _test("gt", "self > other"),
    _test("ge", "self >= other"),
    _test("logical_not", "negated(self)"),
    _test("logical_and", "both(self, other)"),
    _test("logical_or", "either(self, other)"),
    _test("logical_xor", "exclusive(self, other)"),
    _test("bitwise_not", "inverted(self)"),
    _test("bitwise_and", "bit_and(self, other)"),
    _test("bitwise_or", "bit_or(self, other)"),
    _test("bitwise_xor", "bit_xor(self, other)"),
    _test("bucketize", "place_in_order(boundaries, self, right, None, None)"),
    _test("searchsorted", "place_in_order(sorted_sequence, self, right, side, sorter)"),
    _test("isnan", "is_nan(self)"),
    _test("isinf", "is_inf(self)"),
    _test("isfinite", "is_finite(self)"),
)
