"""Matrix products and what is built on them."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

_COOKBOOK: Final = "Petersen & Pedersen, The Matrix Cookbook, 2.4"

RULES: Final = (
    rule(
        "mm",
        "self @ mat2",
        {"self": "G @ H(mat2)", "mat2": "H(self) @ G"},
        Structure.KRONECKER,
        _COOKBOOK,
    ),
    rule(
        "bmm",
        "self @ mat2",
        {"self": "G @ H(mat2)", "mat2": "H(self) @ G"},
        Structure.BLOCK_DIAGONAL,
        _COOKBOOK,
    ),
    rule(
        "_grouped_mm",
        "grouped_product(self, mat2, offs) + given(bias, 0)",
        {"self": "grouped_product(G, T(mat2), offs)", "mat2": "grouped_product(T(self), G, offs)"},
        Structure.BLOCK_DIAGONAL,
        _COOKBOOK,
    ),
    rule(
        "addmm",
        "beta * self + alpha * (mat1 @ mat2)",
        {
            "self": "conj(beta) * G",
            "mat1": "conj(alpha) * G @ H(mat2)",
            "mat2": "conj(alpha) * H(mat1) @ G",
        },
        {"self": Structure.SUM, "mat1": Structure.KRONECKER, "mat2": Structure.KRONECKER},
        _COOKBOOK,
    ),
    rule(
        "baddbmm",
        "beta * self + alpha * (batch1 @ batch2)",
        {
            "self": "conj(beta) * G",
            "batch1": "conj(alpha) * G @ H(batch2)",
            "batch2": "conj(alpha) * H(batch1) @ G",
        },
        {
            "self": Structure.SUM,
            "batch1": Structure.BLOCK_DIAGONAL,
            "batch2": Structure.BLOCK_DIAGONAL,
        },
        _COOKBOOK,
    ),
    rule(
        "addbmm",
        "beta * self + alpha * batch_sum(batch1 @ batch2)",
        {
            "self": "conj(beta) * G",
            "batch1": "conj(alpha) * G @ H(batch2)",
            "batch2": "conj(alpha) * H(batch1) @ G",
        },
        {
            "self": Structure.SUM,
            "batch1": Structure.BLOCK_DIAGONAL,
            "batch2": Structure.BLOCK_DIAGONAL,
        },
        _COOKBOOK,
    ),
    rule(
        "mv",
        "self @ vec",
        {"self": "outer(G, conj(vec))", "vec": "H(self) @ G"},
        {"self": Structure.BLOCK_DIAGONAL, "vec": Structure.DENSE},
        _COOKBOOK,
    ),
    rule(
        "addmv",
        "beta * self + alpha * (mat @ vec)",
        {
            "self": "conj(beta) * G",
            "mat": "conj(alpha) * outer(G, conj(vec))",
            "vec": "conj(alpha) * H(mat) @ G",
        },
        {"self": Structure.SUM, "mat": Structure.BLOCK_DIAGONAL, "vec": Structure.DENSE},
        _COOKBOOK,
    ),
    rule(
        "addr",
        "beta * self + alpha * outer(vec1, vec2)",
        {
            "self": "conj(beta) * G",
            "vec1": "conj(alpha) * G @ conj(vec2)",
            "vec2": "conj(alpha) * T(G) @ conj(vec1)",
        },
        {"self": Structure.SUM, "vec1": Structure.BLOCK_DIAGONAL, "vec2": Structure.KRONECKER},
        _COOKBOOK,
    ),
    rule(
        "dot",
        "inner(self, tensor)",
        {"self": "G * conj(tensor)", "tensor": "G * conj(self)"},
        Structure.DENSE,
        "calculus",
    ),
    rule(
        "vdot",
        "inner(conj(self), other)",
        {"self": "conj(G) * other", "other": "G * self"},
        Structure.DENSE,
        "calculus",
    ),
    rule(
        "linalg_cross",
        "cross(self, other, dim)",
        {"self": "cross(conj(other), G, dim)", "other": "cross(G, conj(self), dim)"},
        Structure.DENSE,
        "calculus",
    ),
    rule(
        "_trilinear",
        "trilinear(i1, i2, i3, (expand1, expand2, expand3), sumdim)",
        {
            "i1": "trilinear_vjp(G, i2, i3, (expand1, expand2, expand3), sumdim)",
            "i2": "trilinear_vjp(G, i1, i3, (expand2, expand1, expand3), sumdim)",
            "i3": "trilinear_vjp(G, i1, i2, (expand3, expand1, expand2), sumdim)",
        },
        Structure.DENSE,
        "calculus",
    ),
    rule(
        "linalg_matrix_exp",
        "expm(self)",
        {"self": "expm_vjp(G, self)"},
        Structure.DENSE,
        "Al-Mohy & Higham, Computing the Fréchet Derivative of the Matrix Exponential, 2009",
    ),
)
