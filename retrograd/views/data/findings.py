"""What the diagnosis says of a recording, for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from retrograd.diagnose.diagnosis import diagnose
from retrograd.diagnose.finding import Finding, Severity
from retrograd.messages import LANGUAGES, Catalogue
from retrograd.messages.message import Message, message
from retrograd.store.reader import Recording
from retrograd.views.data.overview import paths

MOST_STEPS: Final = 48
"""Full steps looked at; ``retrograd diagnose`` looks at more."""


@dataclass(frozen=True, slots=True)
class FollowerData:
    """A finding that follows from another one."""

    code: str
    message: Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class FindingData:
    """One fault: where it shows, why it matters, what to do."""

    code: str
    name: str
    severity: Severity
    step: int | None  # the first one in which it was seen
    count: int  # steps in which it was seen
    event: int | None  # of that step
    file: int | None  # number of the source file
    line: int | None  # from 1
    message: Mapping[str, str]  # by language, as the next two
    why: Mapping[str, str]
    fix: Mapping[str, str]
    patch: str | None  # lines of a unified diff, where the fix is mechanical
    follows: tuple[FollowerData, ...]


@dataclass(frozen=True, slots=True)
class FindingsData:
    """All findings, most decisive first. Their words come along: the rules' texts are many."""

    findings: tuple[FindingData, ...]
    clean: int  # rules that found nothing


def findings(recording: Recording) -> FindingsData:
    """Judge a recording."""
    diagnosis = diagnose(recording, None, MOST_STEPS)
    files = paths(recording)
    return FindingsData(
        tuple(_finding(found, files) for found in diagnosis.findings), len(diagnosis.clean)
    )


def _finding(found: Finding, files: tuple[str, ...]) -> FindingData:
    site = found.site
    return FindingData(
        code=found.code,
        name=found.name,
        severity=found.severity,
        step=found.steps[0] if found.steps else None,
        count=len(found.steps),
        event=found.event,
        file=files.index(site.path) if site is not None and site.path in files else None,
        line=None if site is None else site.line,
        message=_words(found.message),
        why=_words(message(f"{found.name}-why")),
        fix=_words(found.fix),
        patch=None if found.patch is None else "\n".join(found.patch.splitlines()[2:]),
        follows=tuple(FollowerData(f.code, _words(f.message)) for f in _below(found)),
    )


def _below(found: Finding) -> Iterator[Finding]:
    for follower in found.consequences:
        yield follower
        yield from _below(follower)


def _words(said: Message) -> dict[str, str]:
    return {language: _catalogue(language).text(said) for language in LANGUAGES}


@cache
def _catalogue(language: str) -> Catalogue:
    return Catalogue(language)
