"""Linear systems: LU factors, triangular ones, least squares, determinants."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.explain.functions.linalg import adjoint, inverse, outer, solve
from retrograd.store.elements import Array


def _is_vector(matrix: Array, right: Array) -> bool:
    return right.ndim == 1 or (right.ndim == matrix.ndim - 1 and right.shape == matrix.shape[:-1])


def solve_system(matrix: Array, right: Array, left: bool) -> Array:
    """Return X of AX = B or XA = B, where B may be a vector for each matrix."""
    if _is_vector(matrix, right):
        return solve(matrix, right[..., None])[..., 0]
    return solve(matrix, right, left)


def system_vjp(gradient: Array, solution: Array, matrix: Array, left: bool) -> Array:
    """Return the gradient of A, from that of B."""
    if _is_vector(matrix, gradient):
        return -outer(gradient, np.conj(solution))
    back = adjoint(solution)
    return np.asarray(-gradient @ back if left else -back @ gradient)


def triangle(matrix: Array, upper: bool, unit: bool) -> Array:
    """Return one triangle, with ones on its diagonal where it is a unit one."""
    if unit:
        strict = np.triu(matrix, 1) if upper else np.tril(matrix, -1)
        return np.asarray(strict + np.eye(matrix.shape[-1]))
    return np.triu(matrix) if upper else np.tril(matrix)


def triangle_vjp(gradient: Array, upper: bool, unit: bool) -> Array:
    """Return the part of a gradient that belongs to ``triangle``."""
    return np.triu(gradient, int(unit)) if upper else np.tril(gradient, -int(unit))


def permutation(pivots: Array, size: int) -> Array:
    """Return the permutation matrix of LAPACK's row swaps, counted from 1."""
    flat = pivots.reshape(-1, pivots.shape[-1])
    found = np.zeros((len(flat), size, size))
    for number, swaps in enumerate(flat):
        rows = np.arange(size)
        for row, other in enumerate(swaps - 1):
            rows[[row, other]] = rows[[other, row]]
        found[number, rows, np.arange(size)] = 1.0
    return found.reshape(*pivots.shape[:-1], size, size)


def lu_factor(matrix: Array, pivot: bool) -> tuple[Array, Array]:
    """Return both factors in one matrix, and the row swaps counted from 1."""
    shape = matrix.shape
    packed = matrix.reshape(-1, *shape[-2:]).copy()
    count = min(shape[-2:])
    pivots = np.tile(np.arange(1, count + 1), (len(packed), 1))
    for one, swaps in zip(packed, pivots, strict=True):
        for k in range(count):
            # LAPACK compares |real| + |imaginary|.
            size = np.abs(one[k:, k].real) + np.abs(one[k:, k].imag)
            best = k + int(size.argmax()) if pivot else k
            swaps[k] = best + 1
            one[[k, best]] = one[[best, k]]
            if one[k, k] != 0:
                one[k + 1 :, k] /= one[k, k]
            one[k + 1 :, k + 1 :] -= outer(one[k + 1 :, k], one[k, k + 1 :])
    return packed.reshape(shape), pivots.reshape(*shape[:-2], count)


def lower_factor(packed: Array) -> Array:
    """Return L of the packed factors: ones on the diagonal."""
    count = min(packed.shape[-2:])
    return np.asarray(strict_lower(packed) + np.eye(packed.shape[-2], count))


def strict_lower(packed: Array) -> Array:
    """Return what lies below the diagonal of the packed factors, in the shape of L."""
    return np.tril(packed, -1)[..., : min(packed.shape[-2:])]


def upper_factor(packed: Array) -> Array:
    """Return U of the packed factors."""
    return np.triu(packed)[..., : min(packed.shape[-2:]), :]


def lu(matrix: Array, pivot: bool) -> tuple[Array, Array, Array]:
    """Return the permutation and both factors; without pivoting there is no permutation."""
    packed, pivots = lu_factor(matrix, pivot)
    swaps = permutation(pivots, matrix.shape[-2]) if pivot else np.empty(0)
    return swaps, lower_factor(packed), upper_factor(packed)


def lu_vjp(by_lower: Array, by_upper: Array, lower: Array, upper: Array, swaps: Any) -> Array:
    """Return the gradient through A = P L U, whatever the shape of A."""
    count = lower.shape[-1]
    square_l, square_u = lower[..., :count, :], upper[..., :, :count]
    below, by_below = lower[..., count:, :], by_lower[..., count:, :]
    right, by_right = upper[..., :, count:], by_upper[..., :, count:]
    from_lower = adjoint(square_l) @ by_lower[..., :count, :] - by_right @ adjoint(right)
    from_upper = by_upper[..., :, :count] @ adjoint(square_u) - adjoint(below) @ by_below
    core = np.tril(from_lower, -1) + np.triu(from_upper)
    back_l, back_u = inverse(adjoint(square_l)), inverse(adjoint(square_u))
    top = np.concatenate([back_l @ core @ back_u, back_l @ by_right], axis=-1)
    found = np.concatenate([top, by_below @ back_u], axis=-2) if below.shape[-2] else top
    return np.asarray(swaps @ found) if np.ndim(swaps) else found


def packed_vjp(by_lower: Array, by_upper: Array, like: Array) -> Array:
    """Return the gradient of the packed factors from those of L and U."""
    rows, columns = like.shape[-2:]
    count = min(rows, columns)
    pad = [(0, 0)] * (like.ndim - 2)
    lower = np.pad(np.tril(by_lower, -1), [*pad, (0, 0), (0, columns - count)])
    upper = np.pad(np.triu(by_upper), [*pad, (0, rows - count), (0, 0)])
    return np.asarray(lower + upper)


def _unfactored(packed: Array, pivots: Array) -> Array:
    swaps = permutation(pivots, packed.shape[-2])
    return np.asarray(swaps @ lower_factor(packed) @ upper_factor(packed))


def lu_solve(packed: Array, pivots: Array, right: Array, left: bool, adjointed: bool) -> Array:
    """Return the solution of a system whose matrix is given by its factors."""
    matrix = _unfactored(packed, pivots)
    return solve(adjoint(matrix) if adjointed else matrix, right, left)


def lu_solve_vjp(
    by_right: Array, solution: Array, packed: Array, pivots: Array, left: bool, adjointed: bool
) -> Array:
    """Return the gradient of the packed factors, from that of the right-hand side."""
    lower, upper = lower_factor(packed), upper_factor(packed)
    by_matrix = system_vjp(by_right, solution, packed, left)
    by_matrix = adjoint(by_matrix) if adjointed else by_matrix
    by_product = adjoint(permutation(pivots, packed.shape[-2])) @ by_matrix
    by_lower = by_product @ adjoint(upper)
    return packed_vjp(by_lower, adjoint(lower) @ by_product, by_product)


def pseudoinverse(matrix: Array, atol: Any, rtol: Any, hermitian: bool) -> Array:
    """Return the pseudoinverse; singular values below the larger tolerance count as 0."""
    default = np.finfo(np.float64).eps * max(matrix.shape[-2:]) if atol is None else 0.0
    relative = np.asarray(default if rtol is None else rtol)[..., None]
    absolute = np.asarray(0.0 if atol is None else atol)[..., None]
    if hermitian:
        below = np.tril(matrix, -1)
        middle = np.eye(matrix.shape[-1]) * np.real(matrix)  # a Hermitian diagonal is real
        matrix = below + middle + adjoint(below)
    u, s, vh = np.linalg.svd(matrix, full_matrices=False)
    limit = np.maximum(absolute, relative * s.max(axis=-1, keepdims=True, initial=0.0))
    inverted = np.where(s > limit, 1 / s, 0.0)
    return np.asarray(adjoint(vh) * inverted[..., None, :] @ adjoint(u))


def least_squares(matrix: Array, right: Array) -> Array:
    """Return the solution of smallest norm among those of smallest residual."""
    inverted = np.linalg.pinv(matrix)
    if right.ndim == matrix.ndim - 1:
        return np.asarray((inverted @ right[..., None])[..., 0])
    return np.asarray(inverted @ right)


def pinv_vjp(gradient: Array, inverted: Array, matrix: Array) -> Array:
    """Return the gradient through the pseudoinverse (Golub & Pereyra, 1973)."""
    back, turned = adjoint(inverted), adjoint(gradient)
    left = (turned - matrix @ (inverted @ turned)) @ inverted @ back
    right = back @ inverted @ (turned - turned @ inverted @ matrix)
    return np.asarray(left + right - back @ gradient @ back)


def least_squares_vjp(
    by_solution: Array, by_residuals: Array, matrix: Array, right: Array, solution: Array
) -> tuple[Array, Array]:
    """Return the gradients of matrix and right-hand side; residuals count where there are any."""
    vector = right.ndim == matrix.ndim - 1
    if vector:
        by_solution, right, solution = (a[..., None] for a in (by_solution, right, solution))
    inverted = np.linalg.pinv(matrix)
    by_right = adjoint(inverted) @ by_solution
    by_matrix = pinv_vjp(by_solution @ adjoint(right), inverted, matrix)
    if by_residuals.size:
        weighted = 2 * (matrix @ solution - right) * by_residuals[..., None, :]
        by_matrix = by_matrix + weighted @ adjoint(solution)
        by_right = by_right - weighted
    return by_matrix, (by_right[..., 0] if vector else by_right)


def residuals(matrix: Array, right: Array, solution: Array, recorded: Array) -> Array | None:
    """Return the squared length of each column's residual, nothing where PyTorch gives none.

    Of complex numbers PyTorch adds up squares, not squared magnitudes: no formula stands for that.
    """
    if not recorded.size:
        return recorded
    if np.iscomplexobj(solution):
        return None
    return np.asarray(((matrix @ solution - right) ** 2).sum(axis=-2))


def volume_gradient(by_sign: Any, by_log: Any, sign: Any) -> Any:
    """Return the gradient of ln det A from those of its modulus and of the sign."""
    if not np.iscomplexobj(sign):
        return by_log
    return by_log - 1j * np.imag(np.conj(by_sign) * sign)


FUNCTIONS: Final[dict[str, Function]] = {
    "solve_system": Function(solve_system, "solve({0}, {1})", r"{{{0!p}}}^{{-1}} {1!p}"),
    "system_vjp": Function(system_vjp),
    "triangle": Function(triangle, "tri({0})", r"\operatorname{{tri}}({0})"),
    "triangle_vjp": Function(triangle_vjp, "tri({0})", r"\operatorname{{tri}}({0})"),
    "permutation": Function(permutation, "P", "P"),
    "rows_of": Function(lambda a: a.shape[-2]),
    "lu_packed": Function(lambda *a: lu_factor(*a)[0]),
    "lu_pivots": Function(lambda *a: lu_factor(*a)[1]),
    "lu": Function(lu),
    "lower_factor": Function(lower_factor, "L", "L"),
    "strict_lower": Function(strict_lower, "tril({0}, −1)", r"\operatorname{{tril}}({0}, -1)"),
    "upper_factor": Function(upper_factor, "U", "U"),
    "lu_vjp": Function(lu_vjp),
    "packed_vjp": Function(packed_vjp),
    "lu_solve": Function(lu_solve),
    "lu_solve_vjp": Function(lu_solve_vjp),
    "pinv": Function(pseudoinverse, "{0!p}⁺", r"{{{0!p}}}^{{+}}"),
    "least_squares": Function(least_squares),
    "least_squares_matrix_vjp": Function(lambda *a: least_squares_vjp(*a)[0]),
    "least_squares_right_vjp": Function(lambda *a: least_squares_vjp(*a)[1]),
    "residuals": Function(residuals),
    "det_sign": Function(
        lambda a: np.linalg.slogdet(a)[0], "sgn det({0})", r"\operatorname{{sgn}} \det({0})"
    ),
    "det_log": Function(
        lambda a: np.linalg.slogdet(a)[1], "ln |det({0})|", r"\ln \lvert\det({0})\rvert"
    ),
    "volume_gradient": Function(volume_gradient),
}
