"""How far two recorded values are apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.store.elements import Array
from retrograd.store.value import Statistics, Value

_EPSILONS: Final = {
    "bfloat16": 2.0**-7,
    "float16": 2.0**-10,
    "float32": 2.0**-23,
    "float64": 2.0**-52,
    "complex64": 2.0**-23,
    "complex128": 2.0**-52,
}
_ROUNDINGS: Final = 8
"""Roundings of the largest element up to which a difference may be rounding."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The largest difference of two values of one shape.

    ``relative`` is ``absolute`` over the largest finite magnitude in either value: 0.001 is one
    part in a thousand of the tensor's scale, whatever its small elements do.
    """

    absolute: float
    relative: float
    index: tuple[int, ...] | None  # of that element; None where only figures were kept
    first: float | complex  # the element, or the figure, on each side
    second: float | complex
    differing: int | None  # number of elements that differ
    count: int  # number of elements compared
    figure: str | None  # such as "mean", where only figures were kept
    reordered: bool  # the same elements in another order
    rounding: bool  # small enough to come from rounding alone


def gap(one: Value, other: Value) -> Gap | None:
    """Return how far two values of one shape are apart, None where they are equal.

    Two NaN in the same place are equal. Where not all elements were kept on both sides, the
    samples and the statistics are compared.
    """
    first, second = one.array, other.array
    if first is not None and second is not None:
        return _of_arrays(first, second, _epsilon(one, other))
    left, right = one.sample, other.sample
    if left is not None and right is not None and left[0] == right[0]:
        found = _of_arrays(left[1], right[1], _epsilon(one, other))
        if found is not None:
            return Gap(
                found.absolute,
                found.relative,
                None,
                found.first,
                found.second,
                None,
                found.count,
                "element",
                False,
                found.rounding,
            )
    return _of_statistics(one.statistics, other.statistics, _epsilon(one, other))


def of_numbers(first: float, second: float, epsilon: float) -> Gap | None:
    """Return how far two numbers are apart, None where they are equal."""
    return _of_arrays(np.asarray(first), np.asarray(second), epsilon)


def _epsilon(one: Value, other: Value) -> float:
    return max(_EPSILONS.get(one.dtype, 0.0), _EPSILONS.get(other.dtype, 0.0))


def _of_arrays(first: Array, second: Array, epsilon: float) -> Gap | None:
    kind = np.complex128 if "c" in (first.dtype.kind, second.dtype.kind) else np.float64
    a, b = first.astype(kind).reshape(-1), second.astype(kind).reshape(-1)
    if a.size != b.size:
        raise ValueError("values of different sizes")
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if same.all():
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.where(same, 0.0, np.abs(a - b))
    apart = np.where(np.isnan(apart), math.inf, apart)  # a NaN or Inf on one side only
    place = int(apart.argmax())
    absolute = float(apart[place])
    relative = _relative(absolute, np.concatenate([np.abs(a), np.abs(b)]))
    return Gap(
        absolute,
        relative,
        tuple([int(n) for n in np.unravel_index(place, first.shape)]),
        a[place].item(),
        b[place].item(),
        int((~same).sum()),
        a.size,
        None,
        a.size > 1 and bool(np.array_equal(np.sort(a), np.sort(b))),
        relative <= _ROUNDINGS * epsilon,
    )


def _relative(absolute: float, magnitudes: Array) -> float:
    finite = magnitudes[np.isfinite(magnitudes)]
    scale = float(finite.max()) if finite.size else 0.0
    return absolute / scale if scale else math.inf


def _of_statistics(
    first: Statistics | None, second: Statistics | None, epsilon: float
) -> Gap | None:
    if first is None or second is None:
        return None
    found = None
    for name, a, b in zip(Statistics._fields, first, second, strict=True):
        if a == b or (math.isnan(a) and math.isnan(b)):
            continue
        absolute = abs(a - b)
        scales = [abs(n) for n in (a, b, first.norm, second.norm)]
        relative = _relative(absolute, np.array(scales))
        if found is None or relative > found.relative:
            rounding = relative <= _ROUNDINGS * epsilon
            found = Gap(absolute, relative, None, a, b, None, 0, name, False, rounding)
    return found
