"""Turns stored bytes into NumPy arrays, whatever dtype PyTorch had."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_NATIVE: Final = {
    name: np.dtype(code)
    for name, code in {
        "float64": "<f8",
        "float32": "<f4",
        "float16": "<f2",
        "int64": "<i8",
        "int32": "<i4",
        "int16": "<i2",
        "int8": "i1",
        "uint64": "<u8",
        "uint32": "<u4",
        "uint16": "<u2",
        "uint8": "u1",
        "bool": "?",
        "complex128": "<c16",
        "complex64": "<c8",
    }.items()
}
# Eight-bit floats: exponent bits, mantissa bits, bias, and whether the top exponent holds
# infinities (IEEE), only NaN at all ones ("fn"), or nothing but a NaN at minus zero ("fnuz").
_EIGHT_BITS: Final = {
    "float8_e5m2": (5, 2, 15, "ieee"),
    "float8_e4m3fn": (4, 3, 7, "fn"),
    "float8_e5m2fnuz": (5, 2, 16, "fnuz"),
    "float8_e4m3fnuz": (4, 3, 8, "fnuz"),
}
_QUIET: Final = {2: 0x0200, 4: 0x0040_0000, 8: 0x0008_0000_0000_0000}
"""The bit that makes a NaN of so many bytes a quiet one."""
_SIZES: Final = {"bfloat16": 2, "complex32": 4, "float8_e8m0fnu": 1} | dict.fromkeys(_EIGHT_BITS, 1)


def item_size(dtype: str) -> int | None:
    """Return the bytes of one element, None for a dtype whose elements cannot be read."""
    native = _NATIVE.get(dtype)
    return native.itemsize if native is not None else _SIZES.get(dtype)


def decode(data: bytes, dtype: str) -> Array:
    """Return the elements as a one-dimensional array.

    Dtypes that NumPy lacks are widened without loss: bfloat16 and the 8-bit floats to float32,
    complex32 to complex64. A signalling NaN comes out as the quiet one with the same sign and
    payload. Raises ``ValueError`` for a dtype that has no readable elements.
    """
    native = _NATIVE.get(dtype)
    if native is not None:
        return _quiet(np.frombuffer(data, dtype=native))
    if dtype == "bfloat16":
        return _quiet((np.frombuffer(data, dtype="<u2").astype("<u4") << 16).view("<f4"))
    if dtype == "complex32":
        return _quiet(np.frombuffer(data, dtype="<f2")).astype("<f4").view("<c8")
    if dtype == "float8_e8m0fnu":
        bits = np.frombuffer(data, dtype="u1").astype(np.float64)
        bits[bits == 255] = np.nan
        return np.exp2(bits - 127).astype("<f4")  # type: ignore[no-any-return]
    if dtype in _EIGHT_BITS:
        table: Array = _eight_bit_table(*_EIGHT_BITS[dtype])
        return table[np.frombuffer(data, dtype="u1")]  # type: ignore[no-any-return]
    raise ValueError(f"elements of dtype {dtype} cannot be read")


def _quiet(array: Array) -> Array:
    """Return the array with the quiet bit set in each NaN, whose sign and payload stay.

    NumPy warns of each signalling NaN that it computes with, and memory that was never written
    (``torch.empty``) may hold them.
    """
    if array.dtype.kind not in "fc":
        return array
    size = array.itemsize // (2 if array.dtype.kind == "c" else 1)
    nan = np.isnan(array.view(f"<f{size}"))
    if not nan.any():
        return array
    bits = array.view(f"<u{size}").copy()
    bits[nan] |= bits.dtype.type(_QUIET[size])
    return bits.view(array.dtype)


def _eight_bit_table(exponent_bits: int, mantissa_bits: int, bias: int, kind: str) -> Array:
    code = np.arange(256)
    sign = np.where(code >= 128, -1.0, 1.0)
    exponent = (code >> mantissa_bits) & ((1 << exponent_bits) - 1)
    mantissa = (code & ((1 << mantissa_bits) - 1)) / (1 << mantissa_bits)
    normal = (1 + mantissa) * np.exp2(exponent - float(bias))
    table = sign * np.where(exponent == 0, mantissa * 2.0 ** (1 - bias), normal)
    if kind == "ieee":
        top = exponent == (1 << exponent_bits) - 1
        table = np.where(top, np.where(mantissa == 0, sign * np.inf, np.nan), table)
    elif kind == "fn":
        table = np.where((code & 127) == 127, np.nan, table)
    else:
        table = np.where(code == 128, np.nan, table)
    return table.astype("<f4")
