"""Decides which steps are recorded in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FLOOR_SECONDS: Final = 2.0
"""Recording time that is always spent, so that short runs are recorded in full."""
FIRST_STEPS: Final = 3
"""Steps at the start that are full whatever they cost (but for a budget of 0)."""
DEFAULT_BUDGET: Final = 0.10
PAUSE: Final = 8
"""Steps for which a decision holds to keep nothing but the loss: deciding costs as well."""
PAUSE_SECONDS: Final = 0.02
"""Seconds for which it holds where steps are short, up to the next sure reading."""
SURE_READING: Final = 64
"""Steps after which a light step reads its parameters at the latest, whatever the budget; where
steps are so short that more of them pass in ``PAUSE_SECONDS``, so many."""


class PolicyError(ValueError):
    """A policy option that cannot be understood."""


@dataclass(slots=True)
class Policy:
    """Which steps are full: all, every n-th, listed ones, or as many as a budget allows."""

    budget: float | None = DEFAULT_BUDGET  # fraction of the bare time; None: all steps
    every: int | None = None
    steps: tuple[tuple[int, int], ...] = ()  # inclusive ranges

    def wants(self, step: int, spent: float, elapsed: float, cost: float) -> bool:
        """Tell whether a step is to be full.

        ``spent``: seconds that recording has taken so far, ``elapsed``: seconds since the first
        step, ``cost``: seconds that one more full step is expected to take.
        """
        if self.steps:
            return any(first <= step <= last for first, last in self.steps)
        if self.every is not None:
            return step % self.every == 0
        if self.budget is None:
            return True
        if self.budget == 0:
            return False
        if step < FIRST_STEPS or spent + cost <= FLOOR_SECONDS:
            return True
        return spent + cost <= self.budget * (elapsed - spent)

    def reads(self, spent: float, elapsed: float, reading: float) -> bool:
        """Tell whether a light step reads its parameters (norms, small values) beside the loss.

        Where steps are so short that even this is dear, it takes at most half of the budget.
        ``reading``: seconds spent on it so far; the others as for ``wants``.
        """
        if not self.bounded or spent <= FLOOR_SECONDS:
            return True
        bare = elapsed - spent
        return spent <= self.budget * bare and reading <= self.budget / 2 * bare  # type: ignore[operator]

    @staticmethod
    def pause(seconds: float) -> int:
        """Return for how many steps to ask for nothing more than the loss, once that is dear.

        ``seconds``: what a step takes.
        """
        return max(PAUSE, int(PAUSE_SECONDS / max(seconds, 1e-9)))

    @property
    def bounded(self) -> bool:
        """Whether a budget decides, after the first seconds."""
        return bool(self.budget) and not self.steps and self.every is None

    def describe(self) -> dict[str, object]:
        """Return the policy as it stands in the file."""
        return {
            "budget": "all" if self.budget is None else self.budget,
            "every": self.every,
            "steps": [list(span) for span in self.steps],
        }


def policy(
    budget: str | float | None = None,
    every: str | int | None = None,
    steps: str | None = None,
) -> Policy:
    """Return the policy that three options ask for; each may be text from a command line.

    Raises ``PolicyError`` for one that is not understood.
    """
    share = DEFAULT_BUDGET if budget is None else parse_budget(str(budget))
    if every is not None and steps is not None:
        raise PolicyError("--every and --steps exclude each other: give one of them")
    if every is None:
        count = None
    else:
        digits = str(every).strip()
        count = int(digits) if digits.isdecimal() and len(digits) < 16 else 0
        if count < 1:
            raise PolicyError(f"every {every!r} is not understood: give a whole number from 1 on")
    return Policy(share, count, parse_steps(steps) if steps is not None else ())


def parse_budget(text: str) -> float | None:
    """Read ``10%``, ``0.1``, ``0`` or ``all``; None stands for all."""
    word = text.strip().lower()
    if word == "all":
        return None
    try:
        value = float(word[:-1]) / 100 if word.endswith("%") else float(word)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1000 or (value > 1 and not word.endswith("%")):
        raise PolicyError(
            f"budget {text!r} is not understood: give a percentage such as 10%, "
            "0 for light steps only, or all"
        )
    return value


def parse_steps(text: str) -> tuple[tuple[int, int], ...]:
    """Read ``0,10,500-520`` as inclusive ranges."""
    spans = []
    for piece in text.split(","):
        first, dash, last = piece.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise PolicyError(
                f"steps {text!r} is not understood at {piece.strip()!r}: "
                "give step numbers and ranges such as 0,10,500-520"
            )
        span = (int(first), int(last) if dash else int(first))
        if span[1] < span[0]:
            raise PolicyError(
                f"steps {text!r}: the range {piece.strip()} runs backwards; "
                f"write {span[1]}-{span[0]}"
            )
        spans.append(span)
    return tuple(spans)
