"""Norms of vectors, distances of two tensors, and slices kept below a norm."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

_NOTES: Final = ("norm-at-zero", "ties-share-evenly")
_REDUCED: Final = "other_dims(self, dim)"
_SLICES: Final = f"vector_norm(self, p, {_REDUCED}, 1)"

RULES: Final = (
    rule(
        "linalg_vector_norm",
        "vector_norm(self, ord, dim, keepdim)",
        {
            "self": "regrown(G, self, dim, keepdim)"
            " * norm_slope(self, regrown(y, self, dim, keepdim), ord, dim)"
        },
        Structure.BLOCK_DIAGONAL,
        "calculus",
        notes=_NOTES,
    ),
    rule(
        "norm",
        "vector_norm(self, p, dim, keepdim)",
        {
            "self": "regrown(G, self, dim, keepdim)"
            " * norm_slope(self, regrown(y, self, dim, keepdim), p, dim)"
        },
        Structure.BLOCK_DIAGONAL,
        "calculus",
        notes=_NOTES,
    ),
    rule(
        "norm.Scalar",
        "vector_norm(self, p, None, False)",
        {"self": "G * norm_slope(self, y, p, None)"},
        Structure.DENSE,
        "calculus",
        notes=_NOTES,
    ),
    rule(
        "dist",
        "vector_norm(self - other, p, None, 0)",
        {
            "self": "G * norm_slope(self - other, y, p, None)",
            "other": "-G * norm_slope(self - other, y, p, None)",
        },
        Structure.DENSE,
        "calculus",
        notes=_NOTES,
    ),
    rule(
        "renorm",
        f"where({_SLICES} > maxnorm, self * maxnorm / ({_SLICES} + 1e-7), self)",
        {
            "self": f"where({_SLICES} > maxnorm, maxnorm / ({_SLICES} + 1e-7) * (G"
            f" - norm_slope(self, {_SLICES}, p, {_REDUCED})"
            f" * real_part(sum_over(self * conj(G), {_REDUCED})) / ({_SLICES} + 1e-7)), G)"
        },
        Structure.BLOCK_DIAGONAL,
        notes=_NOTES,
    ),
    rule(
        "embedding_renorm",
        "renormed_rows(self, indices, max_norm, norm_type)",
        {},
        Structure.BLOCK_DIAGONAL,
        "definition",
        smooth=False,
    ),
)
