"""One rule in full: what it looks for, why it matters, both programs. Terminal and pages."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.commands.prose import Prose
from retrograd.diagnose.folded import FOLDED, Folded, folded
from retrograd.diagnose.registry import all_rules, find
from retrograd.diagnose.rule import Rule
from retrograd.messages import Catalogue
from retrograd.messages.message import message


def answer(word: str, words: Catalogue) -> Iterator[str]:
    """Yield what ``--explain`` prints of a code or name. Raises ``UnknownRule``."""
    entry = folded(word)
    if entry is None:
        yield from lines(find(word), words)
        return
    prose = Prose(words)
    yield from prose.wrapped(_folded(entry, words), "")
    yield ""
    yield from prose.wrapped(words.text(entry.reason))


def _folded(entry: Folded, words: Catalogue) -> str:
    instead = ", ".join(entry.instead)
    said = message("folded-title", code=entry.code, name=entry.name, instead=instead)
    return words.text(said)


def lines(rule: Rule, words: Catalogue) -> Iterator[str]:
    """Yield what ``--explain`` prints."""
    prose = Prose(words)
    yield f"{rule.code} {rule.name}"
    yield from prose.wrapped(_nature(rule, words))
    yield ""
    yield from prose.wrapped(words.text(message(f"{rule.name}-why")))
    yield ""
    yield from prose.wrapped(_fix(rule, words))
    if rule.limits:
        yield ""
        yield from (f"  {line}" for line in _limits(rule, words))
    yield ""
    yield from prose.wrapped(_sources(rule, words))
    for id, program in (("diagnose-failing", rule.failing), ("diagnose-correct", rule.correct)):
        yield from prose.title(words.text(message(id)))
        yield from (f"  {line}".rstrip() for line in program.splitlines())


def page(rule: Rule, words: Catalogue) -> str:
    """Return a rule's page of the documentation, as Markdown."""
    parts = [
        f"# {rule.code} {rule.name}",
        _nature(rule, words),
        words.text(message(f"{rule.name}-why")),
        _fix(rule, words),
    ]
    if rule.limits:
        parts.append("\n".join(["```toml", *_limits(rule, words), "```"]))
    parts.append(_sources(rule, words))
    for id, program in (("diagnose-failing", rule.failing), ("diagnose-correct", rule.correct)):
        parts += [f"## {words.text(message(id))}", f"```py\n{program.rstrip()}\n```"]
    return "\n\n".join(parts) + "\n"


def index(words: Catalogue) -> str:
    """Return the page that lists all rules, as Markdown."""
    ending = "" if words.language == "en" else f".{words.language}"
    rows = [
        f"| [{rule.code}]({rule.name}{ending}.md) | {rule.name} | {_said(rule, words)} |"
        for rule in all_rules()
    ]
    title = words.text(message("diagnose-rules"))
    rest = [f"{_folded(e, words)} {words.text(e.reason)}" for e in FOLDED.values()]
    table = "\n".join([f"# {title}", "", "| | | |", "|---|---|---|", *rows])
    return "\n\n".join([table, *rest]) + "\n"


def _said(rule: Rule, words: Catalogue) -> str:
    kind = words.text(message(f"diagnose-{rule.kind}"))
    return f"{words.text(message(f'diagnose-{rule.severity}'))}, {kind}"


def _nature(rule: Rule, words: Catalogue) -> str:
    severity = words.text(message(f"diagnose-{rule.severity}"))
    return words.text(message(f"diagnose-is-{rule.kind}", severity=severity))


def _fix(rule: Rule, words: Catalogue) -> str:
    label = words.text(message("diagnose-fix"))
    return f"{label}: {words.text(message(f'{rule.name}-fix'))}"


def _limits(rule: Rule, words: Catalogue) -> list[str]:
    said = words.text(message("diagnose-limits"))
    values = [f"{key} = {value:g}" for key, value in rule.limits.items()]
    return [f"# {said}", f"[tool.retrograd.{rule.code}]", *values]


def _sources(rule: Rule, words: Catalogue) -> str:
    return words.text(message("diagnose-sources", list="; ".join(rule.sources)))
