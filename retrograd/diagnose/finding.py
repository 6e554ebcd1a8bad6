"""What a rule reports, and what a diagnosis as a whole holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from retrograd.messages.message import Message
from retrograd.store.model import Site

Severity = Literal["error", "warning", "hint"]
Kind = Literal["exact", "heuristic"]
Number = float | int | str

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "hint")
"""From certain to possible."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where and when it shows, the numbers that prove it, and what to do."""

    code: str
    name: str
    severity: Severity
    kind: Kind
    steps: tuple[int, ...]  # full steps in which it was seen, in order
    site: Site | None
    message: Message
    fix: Message
    event: int | None = None  # of the first of the steps
    evidence: Mapping[str, Number] = field(default_factory=dict)
    patch: str | None = None  # unified diff, where the fix is mechanical
    parameters: frozenset[int] = frozenset()
    consequences: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be decided on this recording."""

    code: str
    name: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What all rules said, most decisive finding first."""

    findings: tuple[Finding, ...]
    clean: tuple[str, ...]  # codes
    not_checked: tuple[Unchecked, ...]
    notes: tuple[Message, ...]  # what limits the judgement as a whole
