"""Elements of tensors on their way to the page: raw little-endian bytes in base64."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retrograd.store.elements import Array

Code = Literal["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1", "c8", "c16"]


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
    wide = array.astype("<f4") if array.dtype == np.float16 else array
    code = wide.dtype.str[1:]
    raw = np.ascontiguousarray(wide).astype(wide.dtype.newbyteorder("<"), copy=False)
    return ArrayData(tuple(array.shape), code, base64.b64encode(raw.tobytes()).decode())  # type: ignore[arg-type]
