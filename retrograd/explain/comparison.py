"""Holds our results against recorded ones, with a tolerance that comes from rounding alone.

A recorded number is allowed to differ by what rounding can do: some roundings of the number
itself, and some times what one rounding of every number that goes in, and of every intermediate
result, does to it. The second part is measured by computing again with such noise; where terms
cancel it is large, elsewhere it is no larger than the first. Comparisons see the exact numbers,
equal numbers of one array get equal noise, and whole numbers none, so that ties, masks and
exponents stay what they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from retrograd.explain.magnitude import magnitudes
from retrograd.explain.rule import Rule, Structure
from retrograd.store.elements import Array
from retrograd.store.value import Value


class Status(Enum):
    """What a comparison found."""

    VERIFIED = "verified"
    WRONG = "wrong"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """Our result beside PyTorch's.

    ``reason`` is a message id where something could not be checked. ``difference`` is the largest
    absolute difference in float64, ``tolerance`` what it was held against at that element.
    """

    status: Status
    reason: str | None = None
    difference: float | None = None
    tolerance: float | None = None
    rule: Rule | None = None
    results: tuple[Array | None, ...] = ()


def not_checked(reason: str, rule: Rule | None = None) -> Check:
    """Return a check that could not be made."""
    return Check(Status.NOT_CHECKED, reason, rule=rule)


class Precision(NamedTuple):
    """How exactly PyTorch computes with a dtype."""

    rounding: float  # the largest relative error of one rounding
    roundings: float  # how many may add up
    tiny: float  # what may be lost to underflow
    largest: float


# Kernels of half precision compute in float32 and round once, chains of them a few times. In
# float64 both sides round, and some of PyTorch's special functions are exact to 1e-9 only; noise
# of a single rounding would mostly be rounded away there, so it is eight times as large.
PRECISIONS: Final = {
    "float64": Precision(2.0**-50, 1.25e6, 1e-300, np.inf),
    "float32": Precision(2.0**-24, 64, 1e-37, float(np.finfo(np.float32).max)),
    "float16": Precision(2.0**-11, 6, 2.0**-23, 65504.0),
    "bfloat16": Precision(2.0**-8, 4, 1e-37, 3.39e38),
}
PRECISIONS["float8_e4m3fn"] = PRECISIONS["float8_e4m3fnuz"] = Precision(2.0**-4, 2, 2.0**-9, 240.0)
PRECISIONS["float8_e5m2"] = PRECISIONS["float8_e5m2fnuz"] = Precision(2.0**-3, 2, 2.0**-16, 57344.0)
PRECISIONS["complex32"] = PRECISIONS["float16"]
PRECISIONS["complex128"] = PRECISIONS["float64"]
PRECISIONS["complex64"] = PRECISIONS["float32"]

SAMPLES: Final = 6
"""How often results are computed from noisy inputs at most; the largest change counts."""

_WHOLE: Final = 8.0
"""Up to here whole numbers are whole on purpose; large ones are so in coarse dtypes by rounding."""


_ENDS: Final = {
    **dict.fromkeys(("float64", "complex128"), (1e-150, 1e150)),
    **dict.fromkeys(("float32", "complex64", "bfloat16"), (0.0, 1e18)),
}
"""Between these the square of a number is in its dtype's range."""

_SUMMING: Final = 1 / 8
"""What a sum may err by in a kernel's arithmetic, as a part of a dtype's roundings."""

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


Results = Sequence[Array | None]


def compare(
    ours: Results,
    theirs: Sequence[Value | None],
    again: Callable[[Noise], Results],
    known: Rule | None,
    sources: Iterable[Value | None] = (),
    *,
    spread: bool = False,
) -> Check:
    """Hold our results against recorded values; ``again`` computes them from disturbed inputs.

    With a rule, it also gives their magnitudes.

    What is None on either side is left out. The coarsest dtype among ``sources``, the values that
    PyTorch computed from, sets the tolerance where the result itself has a finer one. With
    ``spread``, one rounding on the way may show in any element of a result: each is allowed what
    the element that noise moves most is.
    """
    results = tuple(ours)
    worst, allowed, status, certain = 0.0, 0.0, Status.NOT_CHECKED, False
    sources = list(sources)
    coarsest = _coarsest([*sources, *theirs])
    changes = _Changes(results, again)
    narrow: dict[type, tuple[Narrow, Results]] = {}
    for index, (mine, value) in enumerate(zip(results, theirs, strict=True)):
        if mine is None or value is None:
            continue
        array = value.array
        if array is None:
            return not_checked(value.slot.why or "values-not-kept", known)
        if array.shape != mine.shape:
            return Check(Status.WRONG, "shape", rule=known, results=results)
        if status is Status.NOT_CHECKED:
            status = Status.VERIFIED
        if np.array_equal(mine, array):
            continue
        precision = _at_least(PRECISIONS.get(value.dtype), coarsest)
        difference = _difference(mine, array, precision)
        limit = _own_roundings(array, precision, known is not None and known.normwise)
        if precision is not None and not (difference <= limit).all():
            own, local = limit.copy(), _local(known, theirs, sources)
            if known is not None and not local:  # an update is computed in many formulas
                part = _SUMMING * precision.roundings * precision.rounding
                limit = np.asarray(own + changes.bounds[index] * part)
            failing = np.flatnonzero(~(difference <= limit))
            while failing.size and changes.more(precision, failing if local else None):
                moved = changes.found[index].reshape(-1)
                moved = np.full(failing.shape, moved.max()) if spread else moved[failing]
                moved = moved * precision.roundings
                moved += own.reshape(-1)[failing]
                limit.reshape(-1)[failing] = np.fmax(limit.reshape(-1)[failing], moved)
                failing = failing[~(difference.reshape(-1)[failing] <= moved)]
            if not (difference <= limit).all() and precision is not PRECISIONS["float64"]:
                half = precision is PRECISIONS["float16"]
                for real in (np.float32, np.float16) if half else (np.float32,):
                    if real not in narrow:
                        noise = Narrow(real)
                        narrow[real] = noise, again(noise)
                    noise, found = narrow[real]
                    difference = _nearer(difference, found[index], array, precision)
                    if real is np.float32 and noise.overflowed:
                        difference = np.where(np.isfinite(array), difference, 0.0)
        failing = np.flatnonzero(~(difference <= limit))
        if failing.size:
            status = Status.WRONG
            apart = mine.reshape(-1)[failing], array.reshape(-1)[failing]
            certain = certain or bool((np.isfinite(apart[0]) & np.isfinite(apart[1])).any())
        if difference.size and not difference.max() <= worst:
            place = np.unravel_index(int(np.argmax(difference)), difference.shape)
            worst, allowed = float(difference[place]), float(limit[place])
    if status is Status.NOT_CHECKED:
        return not_checked("nothing-to-compare", known)
    if status is Status.WRONG and any(map(_extreme, [*sources, *theirs])):
        return not_checked("extreme-numbers", known)
    own_way = not certain or (known is not None and known.finite_only)
    if status is Status.WRONG and own_way and not all(map(finite, sources)):
        return not_checked("not-finite-open", known)
    return Check(status, None, worst, allowed, known, results)


def _extreme(value: Value | None) -> bool:
    """Return whether a dtype holds numbers whose products and squares it cannot hold.

    There the order of the operations decides which intermediate result overflows, or loses its
    digits, first. Small numbers do so in float64 alone: in the others we have them exactly.
    """
    ends = None if value is None else _ENDS.get(value.dtype)
    array = None if value is None or ends is None else value.array
    if array is None or ends is None:
        return False
    size = np.abs(array)
    return bool((np.isfinite(size) & ((size > ends[1]) | ((size < ends[0]) & (size > 0)))).any())


def finite(value: Value | None) -> bool:
    """Return whether a value has no NaN and no infinity, as far as its elements are known."""
    array = None if value is None else value.array
    return array is None or array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


def _coarsest(values: Iterable[Value | None]) -> Precision | None:
    found = [PRECISIONS[v.dtype] for v in values if v is not None and v.dtype in PRECISIONS]
    return max(found, key=_rounding, default=None)


def _at_least(own: Precision | None, coarsest: Precision | None) -> Precision | None:
    """Return a dtype's precision with the roundings of a coarser one; whole numbers stay exact."""
    if own is None or coarsest is None or coarsest.rounding <= own.rounding:
        return own
    return coarsest._replace(tiny=max(own.tiny, coarsest.tiny), largest=own.largest)


def _rounding(precision: Precision) -> float:
    return precision.rounding


def _difference(mine: Array, array: Array, precision: Precision | None) -> Array:
    """Return the absolute differences: 0 for equal infinities and for NaN on both sides.

    Where our result is beyond the dtype's range, its largest number and whatever is not finite
    agree: some sum on the way has overflowed, upwards or downwards.
    """
    wide = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    with np.errstate(all="ignore"):
        same = (wide == mine) | (np.isnan(wide) & np.isnan(mine))
        if precision is not None and mine.dtype.kind in "fc":
            edge = precision.largest * (1 - precision.roundings * precision.rounding)
            same |= (np.abs(mine) >= edge) & ~(np.abs(wide) < edge)
        return np.where(same, 0.0, np.abs(wide - mine))


def _nearer(difference: Array, narrow: Array | None, array: Array, precision: Precision) -> Array:
    """Return the smaller differences of two evaluations; NaN is larger than any other."""
    if narrow is None or narrow.shape != array.shape:
        return difference
    return np.fmin(difference, _difference(narrow, array, precision))


def _own_roundings(array: Array, precision: Precision | None, normwise: bool) -> Array:
    if precision is None:  # whole numbers and truth values
        return np.zeros(array.shape)
    size = np.abs(array).astype(np.float64)
    size = np.where(np.isfinite(size), size, 0.0)
    if normwise and size.ndim > 1 and size.size:  # of each matrix
        size = np.broadcast_to(size.max(axis=(-2, -1), keepdims=True), size.shape)
    return np.asarray(size * (precision.roundings * precision.rounding) + precision.tiny)


def _local(
    known: Rule | None, theirs: Sequence[Value | None], sources: Sequence[Value | None]
) -> bool:
    """Return whether each element of the results depends on its own place alone."""
    if known is None or not sources or set(known.structure.values()) != {Structure.DIAGONAL}:
        return False
    shapes = {value.shape for value in (*theirs, *sources) if value is not None}
    return len(shapes) == 1


class _Changes:
    """How far rounding moves each result: bounds, or found with noise in as few samples as do."""

    def __init__(self, results: Results, again: Callable[[Noise], Results]) -> None:
        self._results = results
        self._again = again
        self._samples = 0
        self.found = [np.zeros(() if result is None else result.shape) for result in results]

    @cached_property
    def bounds(self) -> list[Array]:
        """The sums of the magnitudes of each result's terms; zero where there is no bound."""
        found = []
        for bound, result in zip(self._again(Magnitude()), self._results, strict=True):
            if bound is None or result is None or bound.shape != result.shape:
                found.append(np.zeros(()))
            else:
                found.append(np.where(np.isfinite(bound), bound, 0.0))
        return found

    def more(self, precision: Precision, only: Array | None = None) -> bool:
        """Compute once more, at some places only if given; False where that was done enough."""
        if self._samples >= SAMPLES:
            return False
        shape = () if only is None else next(r.shape for r in self._results if r is not None)
        noise = Noise(precision.rounding, self._samples, shape, only, precision.roundings)
        noisy = self._again(noise)
        self._samples += 1
        for index, (moved, result) in enumerate(zip(noisy, self._results, strict=True)):
            if moved is None or result is None or moved.shape != result.shape:
                continue
            place = slice(None) if only is None else only
            with np.errstate(all="ignore"):
                change = np.abs(moved.reshape(-1)[place] - result.reshape(-1)[place])
            change[~np.isfinite(change)] = 0.0
            found = self.found[index].reshape(-1)
            found[place] = np.fmax(found[place], change)
        return True
