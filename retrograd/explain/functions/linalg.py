"""Functions on matrices: products, transposes, triangles, inverses."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array


def adjoint(array: Any) -> Any:
    """Return the conjugate transpose of the last two dimensions."""
    return np.conj(np.swapaxes(array, -1, -2))


def grouped_product(left: Array, right: Array, ends: Array | None) -> Array:
    """Return a product of matrices for each group; of a plain matrix each has some rows or columns.

    ``ends`` says where each group's end in the dimension that they share: the rows of the left
    side, the columns of the right one, or what is summed over.
    """
    if ends is None or (left.ndim == 3 and right.ndim == 3):
        return np.asarray(left @ right)
    spans = [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    if left.ndim == 3:
        parts = [side @ right[:, span] for side, span in zip(left, spans, strict=True)]
        return np.concatenate(parts, axis=1)
    if right.ndim == 3:
        return np.concatenate([left[s] @ side for s, side in zip(spans, right, strict=True)])
    return np.stack([left[:, span] @ right[span] for span in spans])


def outer(left: Array, right: Array) -> Array:
    """Return every product of an element of one vector with one of the other."""
    return left[..., :, None] * right[..., None, :]


def trilinear(first: Array, second: Array, third: Array, expand: Any, dims: Any) -> Array:
    """Return the product of three arrays, each given its missing dimensions, summed over some."""
    factors = [
        np.expand_dims(factor, tuple(places)) if places else factor
        for factor, places in zip((first, second, third), expand, strict=True)
    ]
    product: Array = factors[0] * factors[1] * factors[2]
    return product.sum(axis=tuple(dims)) if dims else product


def trilinear_vjp(gradient: Array, left: Array, right: Array, expand: Any, dims: Any) -> Array:
    """Return the gradient of the factor whose own missing dimensions are the first of three."""
    back = np.expand_dims(gradient, tuple(dims)) if dims else gradient
    own, first, second = expand
    factors = [
        np.conj(np.expand_dims(factor, tuple(places)) if places else factor)
        for factor, places in ((left, first), (right, second))
    ]
    product: Array = back * factors[0] * factors[1]
    return product.sum(axis=tuple(own)) if own else product


def inverse(matrix: Array) -> Array:
    """Return the inverse; a singular matrix gives NaN, as a formula cannot fail."""
    try:
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.full_like(matrix, np.nan)


def solve(matrix: Array, right: Array, left: bool = True) -> Array:
    """Return X of ``matrix @ X = right``, or of ``X @ matrix = right``; vectors as NumPy has it."""
    if not left:
        return np.swapaxes(solve(np.swapaxes(matrix, -1, -2), np.swapaxes(right, -1, -2)), -1, -2)
    if matrix.shape[-1] == 0 or right.size == 0:
        batch = np.broadcast_shapes(matrix.shape[:-2], right.shape[:-2])
        return np.zeros((*batch, *right.shape[-2:]), np.result_type(matrix, right))
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        batch = np.broadcast_shapes(matrix.shape[:-2], right.shape[:-2])
        return np.full((*batch, *right.shape[-2:]), np.nan, np.result_type(matrix, right))


def cross(left: Array, right: Array, dim: int) -> Array:
    """Return the cross product of three-vectors along a dimension."""
    a, b = (np.moveaxis(side, dim, -1) for side in np.broadcast_arrays(left, right))
    found = np.stack(
        [
            a[..., (i + 1) % 3] * b[..., (i + 2) % 3] - a[..., (i + 2) % 3] * b[..., (i + 1) % 3]
            for i in range(3)
        ],
        axis=-1,
    )
    return np.moveaxis(found, -1, dim)


def exponential(matrix: Array) -> Array:
    """Return the matrix exponential by scaling, a Taylor polynomial and squaring."""
    if matrix.size == 0:
        return matrix.copy()
    with np.errstate(all="ignore"):
        norm = float(np.abs(matrix).sum(axis=-2).max(initial=0.0))
    if not np.isfinite(norm):
        return np.full_like(matrix, np.nan)
    squarings = max(0, int(np.ceil(np.log2(norm))) + 3) if norm > 0 else 0
    scaled = matrix / 2.0**squarings
    total = np.broadcast_to(np.eye(matrix.shape[-1], dtype=matrix.dtype), matrix.shape).copy()
    term = total
    # The norm is at most 1/8: twenty terms leave less than 1e-36.
    for index in range(1, 21):
        term = term @ scaled / index
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return total


def exponential_vjp(gradient: Array, matrix: Array) -> Array:
    """Return the gradient through the matrix exponential: a block of one of twice the size."""
    size = matrix.shape[-1]
    back = adjoint(matrix)
    both = np.concatenate(
        [
            np.concatenate([back, gradient], axis=-1),
            np.concatenate([np.zeros_like(back), back], axis=-1),
        ],
        axis=-2,
    )
    return exponential(both)[..., :size, size:]


def cofactors(matrix: Array) -> Array:
    """Return the matrix of cofactors, defined for singular matrices too."""
    if matrix.shape[-1] == 0:
        return matrix.copy()
    u, s, vh = np.linalg.svd(matrix)
    others = np.stack([np.delete(s, i, axis=-1).prod(axis=-1) for i in range(s.shape[-1])], -1)
    sign = (np.linalg.det(u) * np.linalg.det(vh))[..., None, None]
    return np.asarray(sign * np.conj((u * others[..., None, :]) @ vh))


FUNCTIONS: Final[dict[str, Function]] = {
    "T": Function(lambda a: np.swapaxes(a, -1, -2), "{0!p}ᵀ", r"{{{0!p}}}^{{\top}}"),
    "H": Function(adjoint, "{0!p}ᵀ", r"{{{0!p}}}^{{\top}}"),
    "grouped_product": Function(grouped_product),
    "outer": Function(outer, "{0!p} ⊗ {1!p}", r"{0!p} \otimes {1!p}"),
    "inner": Function(lambda a, b: (a * b).sum(), "⟨{0}, {1}⟩", r"\langle {0}, {1} \rangle"),
    "column": Function(lambda v: v[..., None], "{0}", "{0}"),
    "uncolumn": Function(lambda v: v[..., 0], "{0}", "{0}"),
    "batch_sum": Function(lambda a: a.sum(axis=0), "∑ᵦ {0!p}", r"\sum_b {0!p}"),
    "inv": Function(inverse, "{0!p}⁻¹", r"{{{0!p}}}^{{-1}}"),
    "solve": Function(solve),
    "cross": Function(cross, "{0!p} × {1!p}", r"{0!p} \times {1!p}"),
    "expm": Function(exponential, "exp({0})", r"\exp({0})"),
    "expm_vjp": Function(exponential_vjp),
    "det": Function(np.linalg.det, "det({0})", r"\det({0})"),
    "cofactors": Function(cofactors, "cof({0})", r"\operatorname{{cof}}({0})"),
    "trilinear": Function(trilinear),
    "trilinear_vjp": Function(trilinear_vjp),
}
