"""Elements of tensors on their way to the page: raw little-endian bytes in base64."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retrograd.store.elements import Array

Code = Literal["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1", "c8", "c16"]


@dataclass(frozen=True, slots=True)
class ArrayData:
    """Elements in row-major order, exactly as recorded or computed.

    ``code`` is NumPy's: f8 is a float64. What NumPy lacks (bfloat16) has been widened.
    """

    shape: tuple[int, ...]
    code: Code
    data: str  # base64


def array_data(array: Array) -> ArrayData:
    """Return an array for the page; half precision is widened, for JavaScript lacks it."""
    code = _wide(array).dtype.str[1:]
    return ArrayData(tuple(array.shape), code, base64.b64encode(raw(array)).decode())  # type: ignore[arg-type]


def raw(array: Array) -> bytes:
    """Return the elements' bytes as the page reads them."""
    wide = np.ascontiguousarray(_wide(array))
    return wide.astype(wide.dtype.newbyteorder("<"), copy=False).tobytes()


def _wide(array: Array) -> Array:
    return array.astype("<f4") if array.dtype == np.float16 else array
