"""What is said of an error that ended a run."""

from __future__ import annotations

from dataclasses import dataclass

from retrograd.messages.message import Message
from retrograd.store.model import Site


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the recording shows, with the source line where it happened."""

    message: Message
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run ended with an error of PyTorch's: the facts in order, the cause first."""

    kind: str  # such as "graph-cut"
    error: str  # PyTorch's own words
    step: int  # that raised
    raised: Site | None  # the user's line that raised
    facts: tuple[Fact, ...]
    fixes: tuple[Message, ...]
    exact: bool = True  # whether that step is in the file, as far as it went

    @property
    def cause(self) -> Site | None:
        """The source line to look at first."""
        return next((fact.site for fact in self.facts if fact.site is not None), None)


@dataclass(frozen=True, slots=True)
class Account:
    """The facts and fixes that one kind of error comes to."""

    facts: tuple[Fact, ...]
    fixes: tuple[Message, ...] = ()
