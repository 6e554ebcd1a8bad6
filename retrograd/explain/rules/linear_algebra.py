"""Matrix products and what is built on them."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

RULES: Final = (
    rule(
        "mm",
        "self @ mat2",
        {"self": "G @ H(mat2)", "mat2": "H(self) @ G"},
        Structure.KRONECKER,
        "Petersen & Pedersen, The Matrix Cookbook, 2.4",
    ),
)
