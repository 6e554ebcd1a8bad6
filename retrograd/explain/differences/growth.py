"""How the difference of two runs grows over their steps, from the series that every step leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrograd.store.reader import Recording

_SHOWN: Final = 8
"""Steps of a growth that are listed."""
WEIGHTS: Final = "weights"
"""Name of the growth of all parameters together."""
_CURVES: Final = ("loss", "learning_rate", "grad_norm", "weight_norm")


@dataclass(frozen=True, slots=True)
class Growth:
    """One number per step on both sides, at steps that both have.

    ``relative`` is the difference over the larger magnitude of the two, 0 where they are equal.
    """

    name: str
    steps: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    relative: NDArray[np.float64]

    def beyond(self, tolerance: float) -> int | None:
        """Return the first step at which they differ by more than a tolerance."""
        places = np.flatnonzero(self.relative > tolerance)
        return int(self.steps[places[0]]) if places.size else None

    def listed(self) -> list[int]:
        """Return places that show the growth: from the first difference on, ever farther apart."""
        places = np.flatnonzero(self.relative > 0)
        if not places.size:
            return []
        start, stop = int(places[0]), len(self.steps) - 1
        spread = start + np.geomspace(1, max(stop - start + 1, 1), _SHOWN) - 1
        return sorted({round(float(place)) for place in spread} & set(range(stop + 1)))


def growths(one: Recording, other: Recording) -> Iterator[Growth]:
    """Yield the loss, the learning rate and the norms, then one curve for each parameter."""
    for name in _CURVES:
        yield from _growth(one, other, name, name)
    yield from _weights(one, other)
    for first, second in parameters(one, other):
        yield from _growth(one, other, f"weight_norm/{first}", f"weight_norm/{second}")
        yield from _growth(one, other, f"grad_norm/{first}", f"grad_norm/{second}")


def _weights(one: Recording, other: Recording) -> Iterator[Growth]:
    """Yield how far the parameters as a whole are apart.

    Small models leave every element of every step, larger ones the norm of each parameter; both
    sides stand as the length of that vector.
    """
    pairs = parameters(one, other)
    for prefix in ("value", "weight_norm"):
        names = [
            (mine, f"{prefix}/{second}{mine.removeprefix(f'{prefix}/{first}')}")
            for first, second in pairs
            for mine in one.series_names
            if mine == f"{prefix}/{first}" or mine.startswith(f"{prefix}/{first}[")
        ]
        found = [each for pair in names for each in _growth(one, other, *pair)]
        if not found or any(len(each.steps) != len(found[0].steps) for each in found):
            continue
        a, b = (np.stack([getattr(each, side) for each in found]) for side in ("first", "second"))
        with np.errstate(all="ignore"):
            lengths = np.linalg.norm(a, axis=0), np.linalg.norm(b, axis=0)
            apart = np.linalg.norm(a - b, axis=0)
            relative = np.where(apart == 0, 0.0, apart / np.maximum(*lengths))
        relative = np.where(np.isnan(relative), np.inf, relative)
        yield Growth(WEIGHTS, found[0].steps, *lengths, relative)
        return


def parameters(one: Recording, other: Recording) -> list[tuple[str, str]]:
    """Return the names of the same parameter on both sides: equal names, else equal order."""
    ours = [parameter.name for parameter in one.parameters]
    theirs = [parameter.name for parameter in other.parameters]
    if set(ours) == set(theirs):
        return [(name, name) for name in ours]
    shapes = [[parameter.shape for parameter in side.parameters] for side in (one, other)]
    return list(zip(ours, theirs, strict=True)) if shapes[0] == shapes[1] else []


def _growth(one: Recording, other: Recording, name: str, their_name: str) -> Iterator[Growth]:
    if name not in one.series_names or their_name not in other.series_names:
        return
    left, right = one.series(name), other.series(their_name)
    steps, ours, theirs = np.intersect1d(left.steps, right.steps, return_indices=True)
    a, b = left.values[ours], right.values[theirs]
    # NaN stands for "not recorded" in a series: what one side did not record is not compared,
    # but a loss that both recorded is, be it NaN
    known = ~(np.isnan(a) | np.isnan(b)) if name != "loss" else ~(np.isnan(a) & np.isnan(b))
    steps, a, b = steps[known], a[known], b[known]
    if not steps.size:
        return
    with np.errstate(all="ignore"):
        scale = np.maximum(np.abs(a), np.abs(b))
        relative = np.where(a == b, 0.0, np.abs(a - b) / scale)
    yield Growth(name, steps, a, b, np.where(np.isnan(relative), np.inf, relative))
