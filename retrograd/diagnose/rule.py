"""A diagnosis rule: what it looks for, how it decides, and two programs that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrograd.diagnose.finding import Kind, Number, Severity
from retrograd.messages.message import Message, message
from retrograd.store.model import Site

if TYPE_CHECKING:
    from retrograd.diagnose.evidence import Evidence

Limits = Mapping[str, float]


class NotChecked(Exception):
    """The recording lacks what a rule needs; ``reason`` says what."""

    def __init__(self, id: str, **arguments: str | int) -> None:
        super().__init__(id)
        self.reason = message(id, **arguments)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule's check yields; the rule makes a ``Finding`` of it."""

    steps: tuple[int, ...]
    site: Site | None
    message: Message
    event: int | None = None
    evidence: Mapping[str, Number] = field(default_factory=dict)
    patch: str | None = None
    parameters: frozenset[int] = frozenset()
    fix: Message | None = None  # None: the rule's own
    severity: Severity | None = None  # None: the rule's own


Check = Callable[["Evidence", Limits], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its texts are the messages ``<name>-found``, ``<name>-why`` and ``<name>-fix``."""

    code: str  # as in the field's list, such as R15
    name: str  # kebab-case
    kind: Kind
    severity: Severity
    check: Check
    sources: tuple[str, ...]
    failing: str  # smallest program in which it fires
    correct: str  # the same program put right
    limits: Limits = field(default_factory=dict)  # thresholds with their defaults
    explains: tuple[str, ...] = ()  # codes of rules whose findings follow from this one's
    raises: tuple[str, ...] = ()  # patterns of the words of the errors that it is about
    style: bool = False  # what it reports is rather clumsy than wrong: told last of its severity
    symptom: bool = False  # what it reports is what faults lead to, more than a fault of its own
