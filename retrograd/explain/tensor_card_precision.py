"""What a dtype can hold: its bits, its range, and what becomes of a number that it cannot hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

Kind = Literal["float", "complex", "integer", "bool"]

# bits of the exponent and of the fraction, and the largest number where the top exponent is not
# kept for infinities
_FLOATS: Final[dict[str, tuple[int, int, float | None]]] = {
    "float64": (11, 52, None),
    "float32": (8, 23, None),
    "float16": (5, 10, None),
    "bfloat16": (8, 7, None),
    "float8_e5m2": (5, 2, None),
    "float8_e4m3fn": (4, 3, 448.0),
    "float8_e5m2fnuz": (5, 2, 57344.0),
    "float8_e4m3fnuz": (4, 3, 240.0),
}
_COMPLEX: Final = {"complex128": "float64", "complex64": "float32", "complex32": "float16"}


@dataclass(frozen=True, slots=True)
class Precision:
    """The facts of a dtype; of a complex one those of its two parts.

    Integers have only ``bits``, ``smallest`` and ``largest``; their ``smallest`` is the least
    number, that of floats the least positive one of full precision.
    """

    dtype: str
    kind: Kind
    bits: int  # of one element
    smallest: float | int
    largest: float | int
    exponent: int = 0  # bits
    fraction: int = 0  # bits

    @property
    def eps(self) -> float:
        """The distance from 1 to the next larger number."""
        return 2.0**-self.fraction

    def spacing(self, number: float) -> float:
        """Return the distance between neighbouring numbers of the dtype at a number's size."""
        power = math.frexp(max(abs(number), float(self.smallest)))[1] - 1
        return math.ldexp(1.0, power - self.fraction)

    def rounded(self, number: Fraction) -> Decimal:
        """Return what becomes of a number from the dtype's range, exactly."""
        unit = Fraction(self.spacing(float(number)))
        held = round(number / unit) * unit  # Python rounds halves to even, as the hardware does
        scale = (held.denominator - 1).bit_length()  # the denominator is a power of two
        return Decimal(f"{held.numerator * 5**scale}e-{scale}")


def precision(dtype: str) -> Precision | None:
    """Return the facts of a dtype by PyTorch's name, None for one without plain numbers."""
    if dtype == "bool":
        return Precision(dtype, "bool", 8, 0, 1)
    part = _COMPLEX.get(dtype, dtype)
    if part in _FLOATS:
        exponent, fraction, known = _FLOATS[part]
        fnuz = part.endswith("fnuz")
        bias = 2 ** (exponent - 1) - (0 if fnuz else 1)
        top = (2.0 - 2.0**-fraction) * math.ldexp(1.0, 2 ** (exponent - 1) - 1)
        bits = 1 + exponent + fraction
        kind: Kind = "float" if part == dtype else "complex"
        return Precision(
            dtype,
            kind,
            bits if kind == "float" else 2 * bits,
            math.ldexp(1.0, 1 - bias),
            top if known is None else known,
            exponent,
            fraction,
        )
    signed, _, size = dtype.partition("int")
    if size.isdecimal() and signed in ("", "u"):
        bits = int(size)
        low = 0 if signed else -(2 ** (bits - 1))
        return Precision(dtype, "integer", bits, low, low + 2**bits - 1)
    return None
