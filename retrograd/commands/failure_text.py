"""Tells why a run ended with an error of PyTorch's, in a few plain lines."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

from retrograd.commands import text
from retrograd.commands.language import locale_catalogue
from retrograd.commands.prose import Prose, left
from retrograd.diagnose.raised import failure_by_rule
from retrograd.explain.failures import Failure, explain_failure
from retrograd.messages import Catalogue
from retrograd.store.errors import RecordingError
from retrograd.store.model import Site
from retrograd.store.reader import Recording, load


def told(path: str, shown: str | None = None, language: str | None = None) -> str:
    """Return the lines on the error that ended a recorded run, "" where nothing is known of it.

    Raises ``RecordingError`` where the file cannot be read.
    """
    with load(path) as recording:
        failure = explain_failure(recording) or failure_by_rule(recording)
        words = locale_catalogue() if language is None else Catalogue(language)
        return "" if failure is None else "\n".join(lines(failure, words, shown or path))


def show(recording: Recording, for_machines: bool, words: Catalogue) -> None:
    """Print why a run ended with an error. Raises ``RecordingError`` where nothing is known."""
    failure = explain_failure(recording) or failure_by_rule(recording)
    if failure is None:
        prose = Prose(words)
        raise RecordingError(prose.say("failure-unknown", path=recording.path))
    if for_machines:
        print(json.dumps(text.plain(as_json(failure, words)), allow_nan=False))
    else:
        print("\n".join(lines(failure, words, recording.path)))


def lines(failure: Failure, words: Catalogue, path: str) -> Iterator[str]:
    """Yield the lines; all but the first are indented."""
    prose = Prose(words)
    yield f"retrograd: {prose.say('failure-title', kind=failure.kind)}"
    for fact in failure.facts:
        if fact.site is not None:
            yield f"  {text.place(fact.site)}  {_expression(fact.site, prose.width)}".rstrip()
            yield from prose.wrapped(prose.put(fact.message), "      ")
        else:
            yield from prose.wrapped(prose.put(fact.message))
    for place, fix in enumerate(failure.fixes):
        head = left(prose.say("failure-or" if place else "failure-fix"), 5)
        first, *rest = prose.wrapped(prose.put(fix), " " * (len("  fix") + 2))
        yield f"  {head}{first.strip()}"
        yield from rest
    if failure.exact:
        yield f"  {prose.say('failure-more')}: retrograd steps {shlex.quote(path)} unfinished"


def _expression(site: Site, width: int) -> str:
    line = text.safe(" ".join(site.expression.split()))
    room = max(width - len(text.place(site)) - 6, 20)
    return line if len(line) <= room else f"{line[: room - 1]}…"


def as_json(failure: Failure, words: Catalogue) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        "kind": failure.kind,
        "error": failure.error,
        "step": failure.step,
        **_place(failure.raised),
        "facts": [
            {"id": fact.message.id, "message": words.text(fact.message), **_place(fact.site)}
            for fact in failure.facts
        ],
        "fixes": [words.text(fix) for fix in failure.fixes],
    }


def _place(site: Site | None) -> dict[str, Any]:
    if site is None:
        return {"file": None, "line": None, "expression": None}
    return {"file": site.path, "line": site.line, "expression": site.expression}
