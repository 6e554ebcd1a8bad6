"""Matrix decompositions, inverses, determinants and linear systems."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_GILES: Final = "Giles, Collected Matrix Derivative Results, 2008"
_TOWNSEND: Final = "Townsend, Differentiating the Singular Value Decomposition, 2016"


def _dense(op: str, formula: str, source: str = _GILES, **vjps: str) -> Rule:
    # Higham, Accuracy and Stability of Numerical Algorithms, 2002: errors are bounded by norms
    return rule(op, formula, vjps, Structure.DENSE, source, normwise=True, finite_only=True)


_CHOLESKY: Final = (
    "(inv(y) @ half_symmetric(y @ H(G)) @ H(inv(y)) if upper"
    " else H(inv(y)) @ half_symmetric(H(y) @ G) @ inv(y))"
)
_BOTH: Final = "(y @ (G + H(G)) @ y)"
_SOLVED: Final = "chol_solve(G, input2, upper)"

RULES: Final = (
    _dense("linalg_inv_ex", "(inv(A), y1)", A="-H(y) @ G @ H(y)"),
    _dense(
        "linalg_pinv",
        "pinv(self, atol, rtol, hermitian)",
        "Golub & Pereyra, Differentiation of Pseudo-Inverses, 1973",
        self="(H(G) - self @ y @ H(G)) @ y @ H(y) + H(y) @ y @ (H(G) - H(G) @ y @ self)"
        " - H(y) @ G @ H(y)",
    ),
    _dense("_linalg_det", "(det(A), y1, y2)", A="column(column(G)) * conj(cofactors(A))"),
    _dense(
        "_linalg_slogdet",
        "(det_sign(A), det_log(A), y2, y3)",
        A="column(column(volume_gradient(G, G1, y))) * H(inv(A))",
    ),
    _dense(
        "_linalg_solve_ex",
        "(solve_system(A, B, left), y1, y2, y3)",
        A="system_vjp(solve_system(H(A), G, left), y, A, left)",
        B="solve_system(H(A), G, left)",
    ),
    _dense(
        "linalg_solve_triangular",
        "solve(triangle(self, upper, unitriangular), B, left)",
        self="triangle_vjp(system_vjp(solve(H(triangle(self, upper, unitriangular)), G, left),"
        " y, self, left), upper, unitriangular)",
        B="solve(H(triangle(self, upper, unitriangular)), G, left)",
    ),
    _dense(
        "triangular_solve",
        "(solve(T(triangle(A, upper, unitriangular)) if transpose"
        " else triangle(A, upper, unitriangular), self), A)",
        self="solve(conj(triangle(A, upper, unitriangular)) if transpose"
        " else H(triangle(A, upper, unitriangular)), G)",
        A="triangle_vjp(T(system_vjp(solve(conj(triangle(A, upper, unitriangular)), G), y, A, 1))"
        " if transpose else system_vjp(solve(H(triangle(A, upper, unitriangular)), G), y, A, 1),"
        " upper, unitriangular) + G1",
    ),
    _dense("linalg_cholesky_ex", "(chol(self, upper), y1)", self=_CHOLESKY),
    _dense("cholesky", "chol(self, upper)", self=_CHOLESKY),
    _dense(
        "cholesky_inverse",
        "inv(chol_product(self, upper))",
        self=f"-self @ {_BOTH} if upper else -{_BOTH} @ self",
    ),
    _dense(
        "cholesky_solve",
        "chol_solve(self, input2, upper)",
        self=_SOLVED,
        input2=f"-input2 @ ({_SOLVED} @ H(y) + y @ H({_SOLVED})) if upper"
        f" else -({_SOLVED} @ H(y) + y @ H({_SOLVED})) @ input2",
    ),
    _dense(
        "linalg_qr",
        "qr(A, mode)",
        "Seeger et al., Auto-Differentiating Linear Algebra, 2017; Walter & Lehmann, 2012",
        A="qr_vjp(G, G1, y, y1)",
    ),
    _dense("_linalg_eigh", "eigh(A, UPLO, y1)", A="eigh_vjp(G, G1, y, y1)"),
    _dense(
        "linalg_eig",
        "eig(self, y, y1)",
        "Boeddeker et al., On the Computation of Complex-valued Gradients, 2017",
        self="eig_vjp(G, G1, y, y1)",
    ),
    _dense(
        "_linalg_svd",
        "svd(A, full_matrices, compute_uv, y, y2)",
        _TOWNSEND,
        A="svd_vjp(G, G1, G2, y, y1, y2)",
    ),
    _dense(
        "linalg_lu_factor_ex",
        "(lu_packed(A, pivot), lu_pivots(A, pivot), y2)",
        "PyTorch torch/csrc/autograd/FunctionsManual.cpp, lu_factor_ex_backward",
        A="lu_vjp(strict_lower(G), upper_factor(G), lower_factor(y), upper_factor(y),"
        " permutation(y1, rows_of(A)))",
    ),
    _dense(
        "linalg_lu",
        "lu(A, pivot)",
        "PyTorch torch/csrc/autograd/FunctionsManual.cpp, plu_backward_base",
        A="lu_vjp(G, G1, y1, y2, y if pivot else 1)",
    ),
    _dense(
        "lu_unpack",
        "(permutation(LU_pivots, rows_of(LU_data)), lower_factor(LU_data), upper_factor(LU_data))",
        "PyTorch tools/autograd/derivatives.yaml",
        LU_data="packed_vjp(G, G1, LU_data)",
    ),
    _dense(
        "linalg_lu_solve",
        "lu_solve(LU, pivots, B, left, adjoint)",
        LU="lu_solve_vjp(lu_solve(LU, pivots, G, left, 1 - adjoint), y, LU, pivots, left, adjoint)",
        B="lu_solve(LU, pivots, G, left, 1 - adjoint)",
    ),
    _dense(
        "linalg_lstsq",
        "(least_squares(self, b), residuals(self, b, y, y1), y2, y3)",
        "Golub & Pereyra, Differentiation of Pseudo-Inverses, 1973",
        self="least_squares_matrix_vjp(G, G1, self, b, y)",
        b="least_squares_right_vjp(G, G1, self, b, y)",
    ),
    _dense(
        "linalg_householder_product",
        "columns(householder(input, tau), input)",
        "Schreiber & Van Loan, A Storage-Efficient WY Representation, 1989",
        input="householder_vectors_vjp(G, input, tau)",
        tau="householder_factors_vjp(G, input, tau)",
    ),
    _dense(
        "ormqr",
        "ormqr(self, input2, input3, left, transpose)",
        "Schreiber & Van Loan, A Storage-Efficient WY Representation, 1989",
        self="householder_vectors_vjp(ormqr_product_vjp(G, input3, left, transpose), self, input2)",
        input2="householder_factors_vjp(ormqr_product_vjp(G, input3, left, transpose), self,"
        " input2)",
        input3="ormqr(self, input2, G, left, 1 - transpose)",
    ),
)
