"""Turns one tensor into the bytes that the file keeps, without changing anything.

Small tensors are kept whole; large ones as statistics and an evenly spaced sample. Nothing here
draws random numbers, enters the autograd graph or holds on to a tensor on the CPU.
"""

from __future__ import annotations

import ctypes
import math
import struct
from typing import Any, Final

import torch

from retrograd.store.schema import SAMPLE_ELEMENTS, STATISTICS

WHOLE_ELEMENTS: Final = 4096
"""Most elements of a tensor that is kept whole without being asked for."""

# what ctypes.string_at calls: without the wrapper it takes two thirds of the time
_string_at = getattr(ctypes, "_string_at", ctypes.string_at)
_PACK_STATISTICS: Final = struct.Struct(f"<{len(STATISTICS)}d").pack
_PACK_SCALAR: Final = struct.Struct("<d").pack
_FLOATS: Final = frozenset({torch.float32, torch.float64})


class Deferred:
    """Bytes of a tensor on another device: copied out later, by the writing thread."""

    __slots__ = ("size", "tensor")

    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor  # one-dimensional uint8, on the device, owned by us
        self.size = tensor.numel()


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


Part = bytes | Deferred | Content


def elements(tensor: torch.Tensor) -> bytes | Deferred:
    """Return all elements, row-major and little-endian; deferred where the device is not a CPU."""
    if tensor.device.type == "cpu":
        if tensor.is_contiguous() and not (tensor.is_neg() or tensor.is_conj()):
            return _string_at(tensor.data_ptr(), tensor.nbytes)
        tensor = _plain(tensor).contiguous()
        return _string_at(tensor.data_ptr(), tensor.nbytes)
    return Deferred(_plain(tensor).contiguous().clone().reshape(-1).view(torch.uint8))


def summary(tensor: torch.Tensor) -> bytes | Deferred:
    """Return the statistics of a tensor followed by a sample of its elements."""
    flat = _plain(tensor).reshape(-1)
    picked = flat[:: sample_stride(flat.numel())][:SAMPLE_ELEMENTS]
    if flat.device.type != "cpu":
        numbers = _statistics_on_device(_measurable(flat))
        return Deferred(torch.cat([numbers.view(torch.uint8), picked.clone().view(torch.uint8)]))
    return statistics(flat) + _string_at(*_buffer(picked.contiguous()))


def _buffer(tensor: torch.Tensor) -> tuple[int, int]:
    return tensor.data_ptr(), tensor.nbytes


def sample_stride(count: int) -> int:
    """Return the distance between two sampled elements of a tensor of so many elements."""
    return max(1, count // SAMPLE_ELEMENTS)


def statistics(flat: torch.Tensor) -> bytes:
    """Return the statistics of a one-dimensional CPU tensor as packed float64 numbers.

    Four passes, each vectorised by PyTorch; NaN and Inf are counted only when a cheap look at
    the sum of magnitudes says that there are any.
    """
    numbers = _measurable(flat)
    count = numbers.numel()
    if numbers.dtype in _FLOATS:
        low, high = (bound.item() for bound in torch.aminmax(numbers))
    else:
        low, high = (float(bound.item()) for bound in torch.aminmax(numbers))
        numbers = numbers.float()
    total = numbers.sum().item()
    norm = torch.linalg.vector_norm(numbers).item()
    if math.isfinite(low) and math.isfinite(high):
        nans = infs = 0
        zeros = 0 if low > 0 or high < 0 else count - int(torch.count_nonzero(numbers).item())
        if not (math.isfinite(norm) and math.isfinite(total)):
            return _statistics_in_float64(numbers)
    else:
        return _statistics_in_float64(numbers)
    mean = total / count
    spread = norm * norm - total * mean
    if spread <= 1e-6 * norm * norm:  # the difference would be rounding noise
        return _statistics_in_float64(numbers)
    std = math.sqrt(spread / (count - 1)) if count > 1 else math.nan
    return _PACK_STATISTICS(low, high, mean, std, norm, zeros, nans, infs)


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
    std = ((finite - mean).square().sum() / (finite.numel() - 1)).sqrt().item() if (
        finite.numel() > 1
    ) else math.nan
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
    if tensor.is_conj():
        tensor = tensor.resolve_conj()
    return tensor.resolve_neg() if tensor.is_neg() else tensor


def why_unreadable(tensor: Any) -> str | None:
    """Return the reason why a tensor has no plain elements to read, None where it has."""
    if type(tensor) is not torch.Tensor and type(tensor) is not torch.nn.Parameter:
        if not isinstance(tensor, torch.Tensor):
            return "not-a-tensor"
        if hasattr(type(tensor), "__torch_dispatch__") and (
            type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__
        ):
            return "subclass"
    if tensor.layout is not torch.strided:
        return "sparse"
    if tensor.is_quantized:
        return "quantized"
    if tensor.device.type == "meta":
        return "meta"
    if tensor.is_nested:
        return "nested"
    return None
