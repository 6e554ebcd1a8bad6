"""Sparse tensors, which the file holds with their zeros."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

RULES: Final = (
    rule(
        "_sparse_coo_tensor_with_dims_and_tensors",
        "from_coordinates(values, indices, size)",
        {"values": "at_coordinates(G, indices)"},
        Structure.PERMUTATION,
        "definition",
    ),
    rule("_coalesce", "self", {"self": "G"}, Structure.PERMUTATION, "definition"),
    rule("_to_sparse_csr", "self", {"self": "G"}, Structure.PERMUTATION, "definition"),
    rule(
        "_to_dense",
        "self",
        {"self": "G if masked_grad is False else where(self != 0, G, 0)"},
        Structure.PERMUTATION,
    ),
    rule(
        "_sparse_addmm",
        "beta * self + alpha * (mat1 @ mat2)",
        {
            "self": "conj(beta) * G",
            "mat1": "where(mat1 != 0, conj(alpha) * G @ H(mat2), 0)",
            "mat2": "conj(alpha) * H(mat1) @ G",
        },
        {"self": Structure.SUM, "mat1": Structure.KRONECKER, "mat2": Structure.KRONECKER},
    ),
)
