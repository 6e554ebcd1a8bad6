"""Discrete Fourier transforms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array

Dims = Sequence[int]
_ROOT, _FULL = 1, 2  # PyTorch's numbers: divide by √n, divide by n, else nothing


def _normalised(array: Array, sizes: Sequence[int], normalization: int) -> Array:
    count = float(np.prod(sizes))
    divisor = {_ROOT: np.sqrt(count), _FULL: count}.get(normalization, 1.0)
    return np.asarray(array / divisor)


def transform(array: Array, dim: Dims, normalization: int, forward: bool) -> Array:
    """Return the transform of complex numbers, or the inverse one."""
    if not array.size:
        return array
    for axis in dim:
        # NumPy's inverse transform divides by n; PyTorch's does as it is told.
        size = array.shape[axis]
        array = np.fft.fft(array, axis=axis) if forward else np.fft.ifft(array, axis=axis) * size
    return _normalised(array, [array.shape[axis] for axis in dim], normalization)


def transform_real(array: Array, dim: Dims, normalization: int, onesided: bool) -> Array:
    """Return the transform of real numbers, its second half left out where that is asked for."""
    full = transform(array.astype(np.complex128), dim, normalization, True)
    if not onesided:
        return full
    return np.take(full, range(array.shape[dim[-1]] // 2 + 1), axis=dim[-1])


def transform_to_real(array: Array, dim: Dims, normalization: int, size: int) -> Array:
    """Return the inverse transform of half a spectrum: real numbers."""
    found = transform(array, dim[:-1], 0, False)
    found = np.fft.irfft(found, n=size, axis=dim[-1]) * size
    return _normalised(found, [found.shape[axis] for axis in dim], normalization)


def transform_real_vjp(gradient: Array, like: Array, dim: Dims, normalization: int) -> Array:
    """Return the gradient through ``transform_real``: back without what had been left out."""
    last = dim[-1]
    missing = [(0, 0)] * gradient.ndim
    missing[last] = (0, like.shape[last] - gradient.shape[last])
    return np.real(transform(np.pad(gradient, missing), dim, normalization, False))


def transform_to_real_vjp(gradient: Array, like: Array, dim: Dims, normalization: int) -> Array:
    """Return the gradient through ``transform_to_real``: what stands for two counts double."""
    half = transform_real(gradient, dim, normalization, True)
    factors = np.ones(half.shape[dim[-1]])
    factors[1 : 1 + gradient.shape[dim[-1]] - half.shape[dim[-1]]] = 2.0
    shape = [1] * half.ndim
    shape[dim[-1]] = -1
    return half * factors.reshape(shape)


FUNCTIONS: Final[dict[str, Function]] = {
    "fft": Function(transform, "ℱ({0})", r"\mathcal{{F}}({0})"),
    "rfft": Function(transform_real, "ℱ({0})", r"\mathcal{{F}}({0})"),
    "irfft": Function(transform_to_real, "ℱ⁻¹({0})", r"\mathcal{{F}}^{{-1}}({0})"),
    "rfft_vjp": Function(transform_real_vjp, "Re ℱ⁻¹({0})", r"\Re \mathcal{{F}}^{{-1}}({0})"),
    "irfft_vjp": Function(transform_to_real_vjp, "ℱ({0})", r"\mathcal{{F}}({0})"),
}
