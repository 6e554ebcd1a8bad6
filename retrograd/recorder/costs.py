"""What recording costs beyond what it can time from inside: calls into it, and out of it again."""

from __future__ import annotations

from time import perf_counter
from typing import Final

# Seconds on a machine on which `_measure` takes REFERENCE seconds. Found by training the same
# steps in turn with and without retrograd (benchmarks/NOTES.md) and subtracting what was timed.
REFERENCE: Final = 2.6e-7
OP: Final = 4e-6
"""One op under the dispatch mode: the way from C++ into Python and back."""
NODE: Final = 1e-6
"""One hook of a node."""
FULL_STEP: Final = 85e-6
"""One full step: the wrappers that are there beside ops and nodes."""
LIGHT_STEP: Final = 14e-6
"""One light step: the wrapper round the engine and two hooks of the optimizer."""
QUIET_STEP: Final = 9e-6
"""One light step that leaves nothing but the loss, all of it but the writing thread."""
READING: Final = 0.6
"""Reading parameters in a light step, as a share of its time: the program finds colder caches."""


class Costs:
    """The same costs in seconds of this machine."""

    __slots__ = ("full_step", "light_step", "node", "op", "quiet_step")

    def __init__(self) -> None:
        speed = _measure() / REFERENCE
        self.op = OP * speed
        self.node = NODE * speed
        self.full_step = FULL_STEP * speed
        self.light_step = LIGHT_STEP * speed
        self.quiet_step = QUIET_STEP * speed


def _measure(calls: int = 200, repeats: int = 5) -> float:
    """Return seconds for a call like those that go uncounted: a wrapper that passes all on."""

    def inner(*args: object, **kwargs: object) -> None:
        return None

    def wrapper(*args: object, **kwargs: object) -> None:
        try:
            return inner(*args, **kwargs)
        finally:
            perf_counter()

    best = float("inf")
    for _ in range(repeats):
        start = perf_counter()
        for _ in range(calls):
            wrapper(1, 2, three=3)
        best = min(best, (perf_counter() - start) / calls)
    return best
