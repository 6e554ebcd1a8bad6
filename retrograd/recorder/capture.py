"""Turns one tensor into the bytes that the file keeps, without changing anything.

Small tensors are kept whole; large ones as statistics and an evenly spaced sample. Nothing here
draws random numbers, enters the autograd graph or holds on to a tensor on the CPU.
"""

from __future__ import annotations

import ctypes
import math
import struct
from functools import lru_cache
from typing import Any, Final

import numpy as np
import torch

from retrograd.recorder.tensors import address, dispatches
from retrograd.recorder.torch_api import is_zero
from retrograd.store.schema import SAMPLE_ELEMENTS, STATISTICS

WHOLE_ELEMENTS: Final = 4096
"""Most elements of a tensor that is kept whole without being asked for."""

_string_at: Final = ctypes.string_at
_PACK_STATISTICS: Final = struct.Struct(f"<{len(STATISTICS)}d").pack
_PACK_SCALAR: Final = struct.Struct("<d").pack
_minimum: Final = np.minimum.reduce
_maximum: Final = np.maximum.reduce
_einsum: Final = np.einsum
_sum: Final = np.add.reduce
_ROW: Final = 512
_ONES: Final = {np.dtype(kind): np.ones(_ROW, kind) for kind in (np.float32, np.float64)}
# Integers of the same size: NumPy has no bfloat16, but can copy its bits.
_BITS: Final = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
_FLOATS: Final = frozenset({torch.float32, torch.float64})


class Deferred:
    """Bytes of a tensor on another device: copied out later, by the writing thread."""

    __slots__ = ("size", "tensor")

    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor  # one-dimensional uint8, on the device, owned by us
        self.size = tensor.numel()

    def __len__(self) -> int:
        """Return the bytes that it occupies."""
        return self.size


class Content:
    """A large value kept whole: the writing thread stores equal ones once, by their digest."""

    __slots__ = ("elements", "statistics")
    size: Final = 8 + 8 * len(STATISTICS)

    def __init__(self, tensor: torch.Tensor) -> None:
        self.elements = elements(tensor)
        flat = _plain(tensor).reshape(-1)
        self.statistics: bytes | Deferred = (
            statistics(flat)
            if flat.device.type == "cpu"
            else Deferred(_statistics_on_device(_measurable(flat)).view(torch.uint8))
        )

    def __len__(self) -> int:
        """Return the bytes that it occupies until it is written."""
        return len(self.elements) + len(self.statistics)


Part = bytes | Deferred | Content


def elements(tensor: torch.Tensor) -> bytes | Deferred:
    """Return all elements, row-major and little-endian; deferred where the device is not a CPU."""
    if tensor.device.type == "cpu":
        odd = tensor.is_neg() or tensor.is_conj() or is_zero(tensor)
        if tensor.is_contiguous() and not odd:
            return _string_at(tensor.data_ptr(), tensor.nbytes)
        tensor = _plain(tensor).contiguous()
        return _string_at(tensor.data_ptr(), tensor.nbytes)
    return Deferred(_plain(tensor).contiguous().clone().reshape(-1).view(torch.uint8))


def summary(tensor: torch.Tensor) -> bytes | Deferred:
    """Return the statistics of a tensor followed by a sample of its elements."""
    if tensor.device.type == "cpu":
        plain = _plain(tensor)
        return statistics(_in_one_piece(plain)) + _sample(plain)
    flat = _plain(tensor).reshape(-1)
    picked = flat[:: sample_stride(flat.numel())][:SAMPLE_ELEMENTS]
    numbers = _statistics_on_device(_measurable(flat))
    return Deferred(torch.cat([numbers.view(torch.uint8), picked.clone().view(torch.uint8)]))


def _in_one_piece(plain: torch.Tensor) -> torch.Tensor:
    """Return all elements in some order as one dimension, without a copy where that is possible."""
    if not plain.is_contiguous():
        strides = plain.stride()
        sorted_ = plain.permute(sorted(range(plain.dim()), key=strides.__getitem__, reverse=True))
        if sorted_.is_contiguous():
            return sorted_.reshape(-1)
    return plain.reshape(-1)


def sample_stride(count: int) -> int:
    """Return the distance between two sampled elements of a tensor of so many elements."""
    return max(1, count // SAMPLE_ELEMENTS)


def sample(tensor: torch.Tensor) -> bytes:
    """Return evenly spaced elements of a CPU tensor in row-major order, as stored bytes."""
    return _sample(_plain(tensor))


def _sample(plain: torch.Tensor) -> bytes:
    bits = _BITS.get(plain.element_size())
    array = plain.numpy() if bits is None else plain.view(bits).numpy()
    if plain.is_contiguous():
        return array.reshape(-1)[:: sample_stride(array.size)][:SAMPLE_ELEMENTS].tobytes()  # type: ignore[no-any-return]
    return array[_places(tuple(array.shape))].tobytes()  # type: ignore[no-any-return]


@lru_cache(maxsize=512)
def _places(shape: tuple[int, ...]) -> tuple[Any, ...]:
    """Return the indices of the sampled elements of a tensor that does not lie in one piece."""
    count = math.prod(shape)
    step = sample_stride(count)
    return np.unravel_index(np.arange(0, count, step)[:SAMPLE_ELEMENTS], shape)


def statistics(flat: torch.Tensor) -> bytes:
    """Return the statistics of a one-dimensional CPU tensor as packed float64 numbers.

    Five passes by NumPy's vector code, on this thread alone: waking PyTorch's other threads would
    cost more than they bring, and disturb the program. What is not finite goes the long way.
    """
    numbers = _measurable(flat)
    if numbers.dtype not in _FLOATS:
        numbers = numbers.float()
    array = numbers.numpy()
    count = array.size
    with np.errstate(all="ignore"):
        low, high = float(_minimum(array)), float(_maximum(array))
        if not (math.isfinite(low) and math.isfinite(high)):
            return _statistics_in_float64(numbers)
        # float32 sums of short rows, added up in float64: exact enough at any length
        whole = count - count % _ROW
        rows, rest = array[:whole].reshape(-1, _ROW), array[whole:]
        total = float(_sum(_sum_rows(rows), dtype=np.float64))
        square = float(_sum(_square_rows(rows), dtype=np.float64))
        if rest.size:
            total += float(_einsum("i->", rest))
            square += float(_einsum("i,i->", rest, rest))
        if not math.isfinite(square):
            return _statistics_in_float64(numbers)
    zeros = 0 if low > 0 or high < 0 else int(np.count_nonzero(array == 0))
    mean = total / count
    spread = square - total * mean
    if spread <= 1e-5 * square:  # the difference would be rounding noise
        return _statistics_in_float64(numbers)
    std = math.sqrt(spread / (count - 1)) if count > 1 else math.nan
    return _PACK_STATISTICS(low, high, mean, std, math.sqrt(square), zeros, 0, 0)


if hasattr(np, "vecdot"):  # since NumPy 2.0, and twice as fast

    def _sum_rows(rows: Any) -> Any:
        return np.vecdot(rows, _ONES[rows.dtype])

    def _square_rows(rows: Any) -> Any:
        return np.vecdot(rows, rows)

else:

    def _sum_rows(rows: Any) -> Any:
        return _einsum("ij->i", rows)

    def _square_rows(rows: Any) -> Any:
        return _einsum("ij,ij->i", rows, rows)


def _statistics_in_float64(numbers: torch.Tensor) -> bytes:
    wide = numbers.double()
    nans = int(torch.isnan(wide).sum().item())
    infs = int(torch.isinf(wide).sum().item())
    zeros = wide.numel() - int(torch.count_nonzero(wide).item())
    finite = wide[torch.isfinite(wide)] if nans or infs else wide
    if finite.numel() == 0:
        blank = math.nan
        return _PACK_STATISTICS(blank, blank, blank, blank, blank, zeros, nans, infs)
    low, high = torch.aminmax(finite)
    mean = finite.mean()
    std = (
        ((finite - mean).square().sum() / (finite.numel() - 1)).sqrt().item()
        if (finite.numel() > 1)
        else math.nan
    )
    norm = torch.linalg.vector_norm(finite).item()
    return _PACK_STATISTICS(low.item(), high.item(), mean.item(), std, norm, zeros, nans, infs)


def _statistics_on_device(numbers: torch.Tensor) -> torch.Tensor:
    """Return the same statistics as a float64 vector on the device, without synchronising."""
    finite = torch.isfinite(numbers)
    wide = torch.where(finite, numbers, torch.zeros_like(numbers)).double()
    count = finite.sum()
    total = wide.sum()
    mean = total / count
    squared = wide.square().sum()
    std = ((squared - total * mean).clamp(min=0) / (count - 1)).sqrt()
    infinity = torch.full_like(numbers, math.inf)
    return torch.stack(
        [
            torch.where(finite, numbers, infinity).amin().double(),
            torch.where(finite, numbers, -infinity).amax().double(),
            mean,
            std,
            squared.sqrt(),
            (numbers == 0).sum().double(),
            torch.isnan(numbers).sum().double(),
            torch.isinf(numbers).sum().double(),
        ]
    )


def _measurable(flat: torch.Tensor) -> torch.Tensor:
    """Return real numbers that aminmax, sum and vector_norm accept."""
    dtype = flat.dtype
    if dtype in _FLOATS or dtype in (torch.bfloat16, torch.float16):
        return flat
    if dtype.is_complex:
        return flat.abs()
    return flat.double() if not dtype.is_floating_point else flat.float()


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    """Return the tensor without autograd, and with lazy conjugation and negation done."""
    tensor = tensor.detach()
    if is_zero(tensor):
        return torch.zeros(tensor.shape, dtype=tensor.dtype, device=tensor.device)
    if tensor.is_conj():
        tensor = tensor.resolve_conj()
    return tensor.resolve_neg() if tensor.is_neg() else tensor


def why_unreadable(tensor: Any) -> str | None:
    """Return the reason why a tensor has no plain elements to read, None where it has."""
    if type(tensor) is not torch.Tensor and type(tensor) is not torch.nn.Parameter:
        if not isinstance(tensor, torch.Tensor):
            return "not-a-tensor"
        if dispatches(tensor):
            return "subclass"
    if tensor.layout is not torch.strided:
        return "sparse"
    if tensor.is_quantized:
        return "quantized"
    if tensor.is_meta:
        return "meta"
    if tensor.is_nested:
        return "nested"
    if tensor.is_cpu and tensor.numel() and not address(tensor) and not is_zero(tensor):
        return "no-memory"
    return None
