"""Distances between the rows of matrices."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

_NOTES: Final = ("norm-at-zero",)

RULES: Final = (
    rule(
        "_cdist_forward",
        "distances(x1, x2, p)",
        {
            "x1": "distances_vjp(G, x1, x2, y, p)",
            "x2": "distances_vjp(T(G), x2, x1, T(y), p)",
        },
        Structure.DENSE,
        notes=_NOTES,
    ),
    rule(
        "_euclidean_dist",
        "distances(x1, x2, 2)",
        {"x1": "pull(G, x1, x2, y)", "x2": "pull(T(G), x2, x1, T(y))"},
        Structure.DENSE,
        notes=_NOTES,
    ),
    rule(
        "_pdist_forward",
        "pair_distances(self, p)",
        {"self": "pair_distances_vjp(G, self, y, p)"},
        Structure.DENSE,
        notes=_NOTES,
    ),
)
