"""Holds our results against recorded ones, with a tolerance that comes from rounding alone.

A recorded number is allowed to differ by what rounding can do: some roundings of the number
itself, and some times what one rounding of every number that goes in, and of every intermediate
result, does to it. The second part is measured by computing again with such noise; where terms
cancel it is large, elsewhere it is no larger than the first. Comparisons see the exact numbers,
equal numbers of one array get equal noise, and whole numbers none, so that ties, masks and
exponents stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from retrograd.explain.check import Check, Status, not_checked
from retrograd.explain.noise import SAMPLES, Magnitude, Narrow, Noise
from retrograd.explain.precision import PRECISIONS, Precision
from retrograd.explain.rule import Rule, Structure
from retrograd.store.elements import Array
from retrograd.store.value import Value

_ENDS: Final = {
    **dict.fromkeys(("float64", "complex128"), (1e-150, 1e150)),
    **dict.fromkeys(("float32", "complex64", "bfloat16"), (0.0, 1e18)),
}
"""Between these the square of a number is in its dtype's range."""

_SUMMING: Final = 1 / 8
"""What a sum may err by in a kernel's arithmetic, as a part of a dtype's roundings."""

Results = Sequence[Array | None]


def compare(
    ours: Results,
    theirs: Sequence[Value | None],
    again: Callable[[Noise], Results],
    known: Rule | None,
    sources: Iterable[Value | None] = (),
    *,
    read: Iterable[Value | None] | None = None,
    spread: bool = False,
) -> Check:
    """Hold our results against recorded values; ``again`` computes them from disturbed inputs.

    With a rule, it also gives their magnitudes.

    What is None on either side is left out. The coarsest dtype among ``sources``, the values that
    PyTorch computed from, sets the tolerance where the result itself has a finer one; ``read`` are
    those among them that formulas read, all if it is not given. With ``spread``, one rounding on
    the way may show in any element of a result: each is allowed what the element that noise moves
    most is.
    """
    results = tuple(ours)
    worst, allowed, status, certain, plain = 0.0, 0.0, Status.NOT_CHECKED, False, False
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
            finite_both = np.isfinite(apart[0]) & np.isfinite(apart[1])
            certain = certain or bool(finite_both.any())
            odd = [_extremes(side, value.dtype) for side in apart]
            plain = plain or bool((finite_both & ~odd[0] & ~odd[1]).any())
        if difference.size and not difference.max() <= worst:
            place = np.unravel_index(int(np.argmax(difference)), difference.shape)
            worst, allowed = float(difference[place]), float(limit[place])
    if status is Status.NOT_CHECKED:
        return not_checked("nothing-to-compare", known)
    if status is Status.WRONG and (
        any(map(_extreme, sources if read is None else read)) or (certain and not plain)
    ):
        return not_checked("extreme-numbers", known)
    own_way = not certain or (known is not None and known.finite_only)
    if status is Status.WRONG and own_way and not all(map(finite, sources)):
        return not_checked("not-finite-open", known)
    return Check(status, None, worst, allowed, known, results)


def _extreme(value: Value | None) -> bool:
    """Return whether a value has numbers whose products and squares its dtype cannot hold."""
    array = None if value is None or value.dtype not in _ENDS else value.array
    return array is not None and value is not None and bool(_extremes(array, value.dtype).any())


def _extremes(array: Array, dtype: str) -> Array:
    """Return which numbers are such that a dtype cannot hold their products and squares.

    There the order of the operations decides which intermediate result overflows, or loses its
    digits, first. Small numbers do so in float64 alone: in the others we have them exactly.
    """
    smallest, largest = _ENDS.get(dtype, (0.0, np.inf))
    size = np.abs(array)
    return np.asarray(np.isfinite(size) & ((size > largest) | ((size < smallest) & (size > 0))))


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
