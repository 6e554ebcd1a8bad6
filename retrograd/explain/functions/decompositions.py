"""Gradients through matrix decompositions, and the decompositions themselves.

Eigenvectors and singular vectors are only defined up to a factor of size one. The forward
functions therefore take the recorded ones and turn their own to match.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function, NotKept
from retrograd.explain.functions.linalg import adjoint, inverse, solve
from retrograd.store.elements import Array


def diagonal(vector: Array) -> Array:
    """Return a diagonal matrix."""
    return np.asarray(vector[..., None] * np.eye(vector.shape[-1]))


def _gaps(values: Array) -> Array:
    """Return value j minus value i at (i, j), and 1 on the diagonal."""
    found = values[..., None, :] - values[..., :, None]
    return np.where(np.eye(values.shape[-1], dtype=bool), 1.0, found)


def _quotient(above: Array, below: Array) -> Array:
    """Return a quotient in which 0 / 0 is 0: no gradient, however close two values are."""
    return np.where(above == 0, 0.0, above / below)


def _off_diagonal(matrix: Array) -> Array:
    return np.where(np.eye(matrix.shape[-1], dtype=bool), 0.0, matrix)


def half_symmetric(matrix: Array) -> Array:
    """Return half the Hermitian matrix that has this lower triangle."""
    return np.asarray((np.tril(matrix) + adjoint(np.tril(matrix, -1))) / 2)


def aligned(vectors: Array, recorded: Array) -> Array:
    """Return vectors (columns) multiplied by the factors of size one that match recorded ones."""
    overlap = (np.conj(vectors) * recorded).sum(axis=-2, keepdims=True)
    size = np.abs(overlap)
    return np.asarray(vectors * np.where(size == 0, 1.0, overlap / size))


def cholesky(matrix: Array, upper: bool) -> Array:
    """Return the Cholesky factor, if there is one."""
    try:
        lower = np.linalg.cholesky(adjoint(np.triu(matrix)) if upper else matrix)
    except np.linalg.LinAlgError:
        raise NotKept("not-positive-definite") from None  # PyTorch leaves a part of a factor
    return np.asarray(adjoint(lower) if upper else lower)


def cholesky_product(factor: Array, upper: bool) -> Array:
    """Return the matrix that has this Cholesky factor."""
    kept = adjoint(np.triu(factor)) if upper else np.tril(factor)
    return np.asarray(kept @ adjoint(kept))


def cholesky_solve(right: Array, factor: Array, upper: bool) -> Array:
    """Return the solution of a system whose matrix is given by its Cholesky factor."""
    return solve(cholesky_product(factor, upper), right)


def _from_triangle(matrix: Array, lower: bool) -> Array:
    """Return the Hermitian matrix that has this triangle: the other one is never read."""
    kept = np.tril(matrix) if lower else np.triu(matrix)
    rest = np.tril(matrix, -1) if lower else np.triu(matrix, 1)
    return np.asarray(kept + adjoint(rest))


def eigh(matrix: Array, triangle: str, vectors: Array) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors of a Hermitian matrix."""
    values, own = np.linalg.eigh(_from_triangle(matrix, triangle == "L"))
    return values, aligned(own, vectors) if vectors.size else vectors


def eigh_vjp(by_values: Array, by_vectors: Array, values: Array, vectors: Array) -> Array:
    """Return V (diag(gL) + skew(Vᴴ gV) / (λj − λi)) Vᴴ: a Hermitian matrix."""
    turned = adjoint(vectors) @ by_vectors
    core = _quotient((turned - adjoint(turned)) / 2, _gaps(values))
    return np.asarray(vectors @ (diagonal(by_values) + _off_diagonal(core)) @ adjoint(vectors))


def eig(matrix: Array, values: Array, vectors: Array) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors of any square matrix, in the recorded order."""
    if not matrix.size:
        return values, vectors
    own_values, own = np.linalg.eig(matrix)
    order = np.abs(own_values[..., None, :] - values[..., :, None]).argmin(axis=-1)
    found = np.take_along_axis(own, order[..., None, :], axis=-1)
    return np.take_along_axis(own_values, order, axis=-1), aligned(found, vectors)


def eig_vjp(by_values: Array, by_vectors: Array, values: Array, vectors: Array) -> Array:
    """Return V⁻ᴴ (diag(gL) + (VᴴgV − VᴴV Re diag(VᴴgV)) / conj(λj − λi)) Vᴴ."""
    back = adjoint(vectors)
    turned = back @ by_vectors
    length = np.real(np.diagonal(turned, axis1=-2, axis2=-1))[..., None, :]
    free = _off_diagonal(_quotient(turned - back @ vectors * length, np.conj(_gaps(values))))
    return np.asarray(inverse(back) @ (diagonal(by_values) + free) @ back)


def svd(
    matrix: Array, full: bool, with_vectors: bool, left: Array, right: Array
) -> tuple[Array, ...]:
    """Return left singular vectors, singular values and right singular vectors."""
    if not with_vectors:
        return left, np.linalg.svd(matrix, compute_uv=False), right
    u, s, vh = np.linalg.svd(matrix, full_matrices=full)
    k = s.shape[-1]
    overlap = (np.conj(u[..., :k]) * left[..., :k]).sum(axis=-2)
    size = np.abs(overlap)
    turn = np.where(size == 0, 1.0, overlap / size)
    own_left = np.concatenate([u[..., :k] * turn[..., None, :], left[..., k:]], axis=-1)
    own_right = np.concatenate([vh[..., :k, :] * np.conj(turn)[..., None], right[..., k:, :]], -2)
    return own_left, s, own_right


def svd_vjp(
    by_left: Array, by_values: Array, by_right: Array, u: Array, s: Array, vh: Array
) -> Array:
    """Return the gradient through U diag(S) Vᴴ (Townsend, Differentiating the SVD, 2016)."""
    k = s.shape[-1]
    u, by_left = u[..., :k], by_left[..., :k]
    vh, by_right = vh[..., :k, :], by_right[..., :k, :]
    left = adjoint(u) @ by_left
    right = vh @ adjoint(by_right)
    left, right = left - adjoint(left), right - adjoint(right)
    gaps = _gaps(s**2)
    core = _quotient(left, gaps) * s[..., None, :] + s[..., :, None] * _quotient(right, gaps)
    core = _off_diagonal(core) + diagonal(by_values)
    if np.iscomplexobj(core):
        phases = np.diagonal(left, axis1=-2, axis2=-1)
        core = core + diagonal(_quotient(phases, 2 * s))
    found = u @ core @ vh
    if u.shape[-2] > k:
        outside = _quotient(by_left, s[..., None, :])
        found = found + (outside - u @ (adjoint(u) @ outside)) @ vh
    if vh.shape[-1] > k:
        outside = _quotient(by_right, s[..., :, None])
        found = found + u @ (outside - outside @ adjoint(vh) @ vh)
    return np.asarray(found)


def qr(matrix: Array, mode: str) -> tuple[Array, Array]:
    """Return an orthonormal and an upper triangular factor."""
    if mode == "r":
        triangular: Any = np.linalg.qr(matrix, mode="r")
        return np.empty(0), triangular
    factors: Any = np.linalg.qr(matrix, mode="complete" if mode == "complete" else "reduced")
    return factors[0], factors[1]


def qr_vjp(by_q: Array, by_r: Array, q: Array, r: Array) -> Array:
    """Return the gradient through QR; what is right of the square part gives R alone."""
    k, n = r.shape[-2:]
    if k < n:
        rest, by_rest = r[..., k:], by_r[..., k:]
        by_q = by_q + q @ rest @ adjoint(by_rest)
        square = qr_vjp(by_q, by_r[..., :k], q, r[..., :k])
        return np.concatenate([square, q @ by_rest], axis=-1)
    upper = np.triu(by_r @ adjoint(r) - adjoint(q) @ by_q)
    both = upper + adjoint(upper)
    symmetric = both - diagonal(np.real(np.diagonal(both, axis1=-2, axis2=-1)) / 2)
    return np.asarray((by_q + q @ symmetric) @ inverse(adjoint(r)))


def householder_vectors(packed: Array, count: int) -> Array:
    """Return the reflectors' vectors as columns: ones on the diagonal, zeros above."""
    vectors = np.tril(packed[..., :count], -1)
    return np.asarray(vectors + np.eye(packed.shape[-2], count))


def _reflections(packed: Array, tau: Array) -> list[Array]:
    vectors = householder_vectors(packed, tau.shape[-1])
    eye = np.eye(packed.shape[-2])
    found = []
    for index in range(tau.shape[-1]):
        vector = vectors[..., index : index + 1]
        found.append(eye - tau[..., index, None, None] * (vector @ adjoint(vector)))
    return found


def householder(packed: Array, tau: Array) -> Array:
    """Return the product of reflections I − τ v vᴴ."""
    shape = (*packed.shape[:-2], packed.shape[-2], packed.shape[-2])
    product: Any = np.broadcast_to(np.eye(packed.shape[-2]), shape)
    for reflection in _reflections(packed, tau):
        product = product @ reflection
    return np.asarray(product)


def householder_vjp(gradient: Array, packed: Array, tau: Array) -> tuple[Array, Array]:
    """Return the gradients of vectors and factors; missing columns of the product have none."""
    size, count = packed.shape[-2], tau.shape[-1]
    pad = [(0, 0)] * (gradient.ndim - 1) + [(0, size - gradient.shape[-1])]
    inner = np.pad(gradient, pad)
    reflections = _reflections(packed, tau)
    vectors = householder_vectors(packed, count)
    by_packed = np.zeros(packed.shape, np.result_type(packed, gradient))
    by_tau = np.zeros(tau.shape, np.result_type(tau, gradient))
    after: Any = householder(packed, tau)
    for index, reflection in enumerate(reflections):
        # Q = before · reflection · after; inner is beforeᴴ · gradient.
        after = inverse(reflection) @ after
        local = inner @ adjoint(after)
        vector = vectors[..., index : index + 1]
        factor = tau[..., index, None, None]
        by_vector = -np.conj(factor) * (local @ vector) - factor * (adjoint(local) @ vector)
        by_packed[..., index] = by_vector[..., 0]
        by_tau[..., index] = -(adjoint(vector) @ local @ vector)[..., 0, 0]
        inner = adjoint(reflection) @ inner
    return np.tril(by_packed, -1), by_tau


def ormqr(packed: Array, tau: Array, other: Array, left: bool, transposed: bool) -> Array:
    """Return a matrix multiplied by the product of reflections."""
    q = householder(packed, tau)
    q = adjoint(q) if transposed else q
    return np.asarray(q @ other if left else other @ q)


def ormqr_product_vjp(gradient: Array, other: Array, left: bool, transposed: bool) -> Array:
    """Return the gradient of the product of reflections that ``ormqr`` multiplied by."""
    found = gradient @ adjoint(other) if left else adjoint(other) @ gradient
    return np.asarray(adjoint(found) if transposed else found)


FUNCTIONS: Final[dict[str, Function]] = {
    "half_symmetric": Function(half_symmetric, "Φ({0})", r"\Phi({0})"),
    "chol": Function(cholesky, "chol({0})", r"\operatorname{{chol}}({0})"),
    "chol_product": Function(cholesky_product, "L Lᵀ", r"L L^{{\top}}"),
    "chol_solve": Function(cholesky_solve),
    "columns": Function(lambda a, like: a[..., : like.shape[-1]], "{0}", "{0}"),
    "eigh": Function(eigh, "eigh({0})", r"\operatorname{{eigh}}({0})"),
    "eigh_vjp": Function(eigh_vjp),
    "eig": Function(eig, "eig({0})", r"\operatorname{{eig}}({0})"),
    "eig_vjp": Function(eig_vjp),
    "svd": Function(svd, "svd({0})", r"\operatorname{{svd}}({0})"),
    "svd_vjp": Function(svd_vjp),
    "qr": Function(qr, "qr({0})", r"\operatorname{{qr}}({0})"),
    "qr_vjp": Function(qr_vjp),
    "householder": Function(householder),
    "householder_vectors_vjp": Function(lambda *a: householder_vjp(*a)[0]),
    "householder_factors_vjp": Function(lambda *a: householder_vjp(*a)[1]),
    "ormqr": Function(ormqr),
    "ormqr_product_vjp": Function(ormqr_product_vjp),
}
