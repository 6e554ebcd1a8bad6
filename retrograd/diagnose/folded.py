"""Codes of the field's list that have no rule of their own: what stands for them, or why none can.

The reasons are the messages ``folded-<code>``. Every other code from R01 to R84 has a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from retrograd.messages.message import Message, message


@dataclass(frozen=True, slots=True)
class Folded:
    """A fault that other rules tell."""

    code: str
    name: str  # kebab-case, as it would be called
    instead: tuple[str, ...]  # codes of the rules that tell it, the nearest first

    @property
    def reason(self) -> Message:
        """Why there is no rule."""
        return message(f"folded-{self.code.lower()}")


FOLDED: Final[dict[str, Folded]] = {
    entry.code: entry for entry in (Folded("R70", "one-batch-not-fitted", ("R80",)),)
}
"""By code."""


def folded(word: str) -> Folded | None:
    """Return the entry of a code or name, None where there is none."""
    wanted = word.strip().lower()
    for entry in FOLDED.values():
        if wanted in (entry.code.lower(), entry.name):
            return entry
    return None
