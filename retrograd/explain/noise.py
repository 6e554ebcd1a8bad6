"""Changes numbers by what one rounding can do, to see what that does to a result."""

from __future__ import annotations

import zlib
from typing import Any, Final

import numpy as np

from retrograd.explain.magnitude import magnitudes
from retrograd.store.elements import Array

SAMPLES: Final = 6
"""How often results are computed from noisy inputs at most; the largest change counts."""

_WHOLE: Final = 8.0
"""Up to here whole numbers are whole on purpose; large ones are so in coarse dtypes by rounding."""

_BLOCK: Final = 1 << 13
"""Elements that get noise at a time, so that they stay in the processor's cache."""


class Noise:
    """Changes every number by at most one rounding, equal numbers of an array equally.

    What it changes in the results is taken ``roundings`` times afterwards. ``only`` holds the
    places, in row-major order, that are to be computed of arrays of ``shape``: an element-wise
    formula can do without the others.
    """

    def __init__(
        self,
        rounding: float,
        seed: int,
        shape: tuple[int, ...] = (),
        only: Array | None = None,
        roundings: float = 1.0,
    ) -> None:
        self._rounding = rounding
        self._roundings = roundings
        self._seed = seed
        self._results = 0
        self.shape = shape
        self.only = only

    def on(self, item: Any, name: str = "") -> Any:
        """Return a name's value with noise on floats and complex numbers that are not whole."""
        return self._noisy(self.part(item), self._seed + SAMPLES * zlib.crc32(name.encode()))

    def after(self, item: Any, rounding: float | None = None) -> Any:
        """Return an intermediate result with noise that no other result has.

        One that was rounded to a coarser dtype gets the noise of that dtype's roundings.
        """
        self._results += 1
        size = None if rounding is None else rounding / self._roundings
        return self._noisy(item, self._seed + SAMPLES * self._results, size)

    def exactly(self) -> Noise | None:
        """Return what gives the same numbers without noise, None for all numbers as they are."""
        return None if self.only is None else Selection(self.shape, self.only)

    def part(self, item: Any) -> Any:
        """Return the elements that are to be computed, of an array that has them."""
        if self.only is None or not isinstance(item, np.ndarray) or item.shape != self.shape:
            return item
        return item.reshape(-1)[self.only]

    def whole(self, item: Any) -> Any:
        """Return a result in its whole shape, zero where it was not computed."""
        if self.only is None:
            return item
        found = np.zeros(self.shape, np.asarray(item).dtype)
        found.reshape(-1)[self.only] = item
        return found

    def _noisy(self, item: Any, seed: int, rounding: float | None = None) -> Any:
        if isinstance(item, tuple):
            return tuple([self._noisy(part, seed, rounding) for part in item])
        number = isinstance(item, (float, complex, np.inexact)) and not isinstance(item, bool)
        if not number and not (isinstance(item, np.ndarray) and item.dtype.kind in "fc"):
            return item
        array = np.asarray(item)
        wide = np.array(array, np.complex128 if array.dtype.kind == "c" else np.float64, order="C")
        flat = wide.reshape(-1)
        with np.errstate(all="ignore"):
            for start in range(0, flat.size, _BLOCK):
                self._disturb(flat[start : start + _BLOCK], seed, rounding or self._rounding)
        return wide if isinstance(item, np.ndarray) else wide[()]

    def _disturb(self, numbers: Array, seed: int, rounding: float) -> None:
        limit = max(_WHOLE, 2.0**-8 / rounding)
        whole = np.rint(numbers) == numbers
        whole &= (np.abs(numbers) <= limit) | np.isinf(numbers)
        noise = _uniform(numbers.real, seed)
        if numbers.dtype.kind == "c":
            noise = noise + 1j * _uniform(numbers.imag, ~seed)
            noise *= np.abs(numbers)
        else:
            noise *= numbers
        noise *= rounding
        noise[whole] = 0.0
        numbers += noise


class Selection(Noise):
    """No noise, but some of the elements only."""

    def __init__(self, shape: tuple[int, ...], only: Array) -> None:
        super().__init__(0.0, 0, shape, only)

    def on(self, item: Any, name: str = "") -> Any:
        """Return the elements of a name's value."""
        return self.part(item)


class Magnitude(Noise):
    """No noise but magnitudes: formulas give the sum of their terms' (see ``magnitude``)."""

    def __init__(self) -> None:
        super().__init__(0.0, 0)

    def on(self, item: Any, name: str = "") -> Any:
        """Return the magnitudes of a name's value."""
        return magnitudes(item)


class Narrow(Noise):
    """No noise but the range of single or half precision.

    So over- and underflow happen as in PyTorch's kernels, which compute in single precision, and
    between kernels, which hand over half precision.
    """

    def __init__(self, real: type[np.floating[Any]] = np.float32) -> None:
        super().__init__(0.0, 0)
        self._real = real
        self._given = True
        self._overflowed = False

    @property
    def overflowed(self) -> bool:
        """Whether finite numbers gave an intermediate result that is not."""
        return self._given and self._overflowed

    def on(self, item: Any, name: str = "") -> Any:
        """Return a name's value in this precision."""
        if name.rstrip("0123456789s") != "y" and isinstance(item, np.ndarray):
            self._given = self._given and bool(np.isfinite(item).all())
        return self._rounded(item)

    def after(self, item: Any, rounding: float | None = None) -> Any:
        """Return an intermediate result rounded to this precision."""
        rounded = self._rounded(item)
        for part in rounded if isinstance(rounded, tuple) else (rounded,):
            if isinstance(part, (np.ndarray, np.inexact)) and part.dtype.kind in "fc":
                self._overflowed = self._overflowed or not np.isfinite(part).all()
        return rounded

    def _rounded(self, item: Any) -> Any:
        if isinstance(item, tuple):
            return tuple([self._rounded(part) for part in item])
        if not isinstance(item, (np.ndarray, np.inexact)) or item.dtype.kind not in "fc":
            return item
        with np.errstate(all="ignore"):
            return item.astype(np.complex64 if item.dtype.kind == "c" else self._real)


def _uniform(numbers: Array, seed: int) -> Array:
    """Return a pseudo-random number from −1 to 1 for each number: the same one for equal ones."""
    with np.errstate(over="ignore"):
        start = np.uint64(seed % 2**64) * np.uint64(0x9E3779B97F4A7C15)
        bits = np.ascontiguousarray(numbers).reshape(-1).view(np.uint64) + start
        bits *= np.uint64(0xBF58476D1CE4E5B9)
        bits ^= bits >> np.uint64(32)
        bits *= np.uint64(0x94D049BB133111EB)
    found = bits.view(np.int64).astype(np.float64)
    found *= 2.0**-63
    return found.reshape(numbers.shape)
