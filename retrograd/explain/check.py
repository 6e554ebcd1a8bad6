"""What came of holding a result of ours against PyTorch's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from retrograd.explain.rule import Rule
from retrograd.store.elements import Array


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
