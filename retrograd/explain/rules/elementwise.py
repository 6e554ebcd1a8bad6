"""Element-wise ops: one local derivative for each argument."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import elementwise

RULES: Final = (
    elementwise("add", "self + alpha * other", {"self": "1", "other": "alpha"}),
    elementwise("mul", "self * other", {"self": "other", "other": "self"}),
    elementwise("sigmoid", "1 / (1 + exp(-self))", {"self": "y * (1 - y)"}),
)
