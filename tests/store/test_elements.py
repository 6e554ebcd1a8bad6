"""Elements of every dtype: the bytes that PyTorch had become the numbers that PyTorch shows."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
import torch

from retrograd.store.elements import decode, item_size

NATIVE = [
    torch.float64, torch.float32, torch.float16,
    torch.int64, torch.int32, torch.int16, torch.int8,
    torch.uint64, torch.uint32, torch.uint16, torch.uint8,
    torch.complex128, torch.complex64,
]  # fmt: skip
WIDENED = {
    torch.bfloat16: torch.float32,
    torch.float8_e5m2: torch.float32,
    torch.float8_e4m3fn: torch.float32,
    torch.float8_e5m2fnuz: torch.float32,
    torch.float8_e4m3fnuz: torch.float32,
    torch.float8_e8m0fnu: torch.float32,
    torch.complex32: torch.complex64,
}


def name(dtype: torch.dtype) -> str:
    """Return a dtype's name as the file has it."""
    return str(dtype).removeprefix("torch.")


def memory(tensor: torch.Tensor) -> bytes:
    """Return a tensor's memory."""
    return ctypes.string_at(tensor.data_ptr(), tensor.nbytes)


def patterns(dtype: torch.dtype) -> torch.Tensor:
    """Return every bit pattern of a small dtype, random ones of a large one."""
    if dtype.itemsize == 1:
        return torch.arange(256, dtype=torch.uint8).view(dtype)
    if dtype.itemsize == 2:
        return torch.arange(-(2**15), 2**15).to(torch.int16).view(dtype)
    raw = np.random.default_rng(0).integers(0, 256, 4096 * dtype.itemsize, dtype=np.uint8)
    return torch.from_numpy(raw).view(dtype)


@pytest.mark.parametrize("dtype", NATIVE, ids=name)
def test_what_numpy_has(dtype: torch.dtype) -> None:
    """Bit for bit, signs and payloads of NaNs included; every NaN can be computed with."""
    tensor = patterns(dtype)
    array = decode(memory(tensor), name(dtype))
    own = tensor.numpy()
    assert array.dtype == own.dtype
    same = array.view("u1") == own.view("u1")
    if own.dtype.kind in "fc":
        parts = own.real.dtype
        quiet = np.array([np.nan], parts).view("u1") & ~np.array([np.inf], parts).view("u1")
        odd = (array.view("u1") ^ own.view("u1")).reshape(-1, parts.itemsize)
        signalling = (odd == quiet).all(axis=1)
        assert np.isnan(own.view(parts))[signalling].all()
        same = same.reshape(-1, parts.itemsize) | signalling[:, None]
    assert same.all()
    assert item_size(name(dtype)) == dtype.itemsize


@pytest.mark.parametrize(("dtype", "bits"), [("float16", 0xFD01), ("float32", 0x7FA00001)])
def test_memory_that_nobody_wrote(dtype: str, bits: int) -> None:
    """A signalling NaN, as `torch.empty` may hold one, is no warning in what reads it."""
    data = bits.to_bytes(2 if dtype == "float16" else 4, "little")
    wide = decode(data, dtype).astype(np.float64) + 1.0
    assert np.isnan(wide).all()


def test_truth_values() -> None:
    """One byte each."""
    array = decode(memory(torch.tensor([True, False, True])), "bool")
    assert array.tolist() == [True, False, True]


@pytest.mark.parametrize("dtype", WIDENED, ids=name)
def test_what_numpy_lacks(dtype: torch.dtype) -> None:
    """Every bit pattern is widened as PyTorch widens it."""
    tensor = patterns(dtype)
    wide = tensor.to(WIDENED[dtype]).numpy()
    array = decode(memory(tensor), name(dtype))
    assert array.dtype == wide.dtype
    parts = [(array, wide)]
    if dtype.is_complex:
        parts = [(array.real, wide.real), (array.imag, wide.imag)]
    for got, wanted in parts:
        np.testing.assert_array_equal(got, wanted)
        finite = ~np.isnan(wanted)
        assert (np.signbit(got) == np.signbit(wanted))[finite].all()
    assert item_size(name(dtype)) == dtype.itemsize


@pytest.mark.parametrize("dtype", ["quint8", "bits8", "float4_e2m1fn_x2", "", "object", "O"])
def test_what_cannot_be_read(dtype: str) -> None:
    """A dtype whose elements have no numbers is said to have none."""
    assert item_size(dtype) is None
    with pytest.raises(ValueError, match="cannot be read"):
        decode(b"\0" * 8, dtype)


def test_every_dtype_of_pytorch_is_known_or_refused() -> None:
    """No dtype falls through to a guess."""
    dtypes = {item for item in vars(torch).values() if isinstance(item, torch.dtype)}
    tested = {*NATIVE, *WIDENED, torch.bool}
    for dtype in dtypes - tested:
        assert item_size(name(dtype)) is None, dtype
