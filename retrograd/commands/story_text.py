"""Puts the story of a step into text: for a terminal, as Markdown, as LaTeX."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any, Final

from rich.cells import cell_len, set_cell_size

from retrograd.commands import text
from retrograd.commands.prose import beside, left, ruled, wrapped
from retrograd.explain.check import Check, Status
from retrograd.explain.notation import latex_symbol, number
from retrograd.explain.story import Explanation, Line, StepStory
from retrograd.explain.updates import Term
from retrograd.explain.worked import Worked
from retrograd.messages import Catalogue
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Event
from retrograd.store.value import Value

_INDENT: Final = "      "
_BELOW: Final = len(_INDENT) + 2
"""Columns before a matrix that stands below its label."""


def lines(story: StepStory, words: Catalogue) -> Iterator[str]:
    """Yield the lines of the story for a terminal."""
    width = min(max(shutil.get_terminal_size((80, 24)).columns, 60), 100)
    for said in _title(story, words):
        yield from wrapped(said, width)
    given = list(story.given)
    if given:
        yield ""
        yield from ruled(words.text(message("given")), width)
        for symbol, value in given:
            label = f"{symbol} ({text.shape(value.shape)}) = "
            yield from block(label, text.value(value, width - _BELOW), width)
    phase = None
    for explanation in story.explanations:
        event = explanation.event
        if event.phase != phase:
            phase = event.phase
            yield ""
            yield from ruled(words.text(message(f"phase-{phase}")), width)
        yield ""
        yield from _head(event, words.text(explanation.title), width)
        yield from _body(explanation, words, width)


def _title(story: StepStory, words: Catalogue) -> Iterator[str]:
    step = story.step
    loss = story.loss
    said = "" if loss is None else f"{loss[0]} = {number(loss[1])}"
    file = text.safe(step.recording.path.rpartition("/")[2])
    yield words.text(message("step-title", step=str(step.index), file=file, loss=text.safe(said)))
    for id, phases in (("counts-forward", True), ("counts", False)):
        counts = {status: story.count(status, forward=phases) for status in Status}
        if len(story.explanations) < len(step.events) and not any(counts.values()):
            continue  # of one event there is the other phase only, or nothing to check
        yield words.text(
            message(
                id,
                verified=counts[Status.VERIFIED],
                unchecked=counts[Status.NOT_CHECKED],
                wrong=counts[Status.WRONG],
            )
        )


def _head(event: Event, title: str, width: int) -> Iterator[str]:
    """Yield number and title, then the expression; the place stands where there is room for it."""
    head = wrapped(text.safe(title), width - len(_INDENT))
    rows = [f"{event.index:>4}  {head[0]}", *[_INDENT + row for row in head[1:]]]
    if event.site is None:
        yield from rows
        return
    place = text.place(event.site)
    expression = text.safe(" ".join(event.site.expression.split()))
    if len(rows) == 1 and cell_len(rows[0]) + 2 + cell_len(place) <= width:
        rows[0] = left(rows[0], width - cell_len(place)) + place
        place = ""
    if expression or place:
        room = width - len(_INDENT) - (cell_len(place) + 2 if place else 0)
        cut = (
            expression
            if cell_len(expression) <= room
            else f"{set_cell_size(expression, room - 1)}…"
        )
        rows.append(_INDENT + (left(cut, room + 2) + place if place else cut))
    yield from rows


def _body(explanation: Explanation, words: Catalogue, width: int) -> Iterator[str]:
    for line in explanation.lines:
        if not (line.role == "after" and explanation.terms):  # the last term comes to it
            yield from _line(line, words, width)
    for term in explanation.terms:
        yield from _term(term, words, width)
    for note in explanation.notes:
        yield from _sentence(text.safe(words.text(note)), width)
    if explanation.check is not None:
        yield from _sentence(verdict(explanation.check, words), width)


def _sentence(said: str, width: int) -> Iterator[str]:
    yield from (_INDENT + row for row in wrapped(said, width - len(_INDENT)))


def _line(line: Line, words: Catalogue, width: int) -> Iterator[str]:
    symbol = text.safe(line.symbol)
    if line.formula is not None:
        yield from _wrapped(f"{symbol} = ", line.formula.unicode(line.names), width)
    said = "" if line.role is None else f"{words.text(message(f'role-{line.role}'))} "
    if line.value is None:
        yield f"{_INDENT}{said}{symbol} = None"
        return
    shape = f" ({text.shape(line.value.shape)})" if line.value.shape else ""
    rows = text.value(line.value, width - _BELOW)
    if line.formula is None or rows != [line.formula.unicode(line.names)]:
        yield from block(f"{said}{symbol}{shape} = ", rows, width)
    if line.worked is not None and (line.summed is None or line.worked.numbers != "1"):
        yield from _worked(line.worked, words, width)
    if line.summed is not None:
        yield from _worked(line.summed, words, width)


def _term(term: Term, words: Catalogue, width: int) -> Iterator[str]:
    symbol = text.safe(term.symbol)
    formula = text.safe(term.formula.unicode(term.names))
    if term.value is not None and not term.value.ndim:
        result = number(term.value)
        numbers = term.worked.numbers if term.worked is not None else result
        steps = dict.fromkeys((formula, numbers, result))
        yield from _wrapped(f"{symbol} = ", " = ".join(steps), width)
        return
    yield from _wrapped(f"{symbol} = ", formula, width)
    if term.value is not None:
        yield from block(f"{symbol} = ", array(term.value, width - _BELOW), width)
    if term.worked is not None:
        yield from _worked(term.worked, words, width)


def _worked(found: Worked, words: Catalogue, width: int) -> Iterator[str]:
    """Yield the arithmetic of one element, unless it is nothing but its result."""
    result = number(found.result)
    if found.numbers == result:
        return
    place = text_index(found.index)
    at = f"{words.text(message('at-element', index=place))} " if place else ""
    yield from _wrapped(f"  {at}", f"{found.numbers} = {result}", width)


def _wrapped(label: str, body: str, width: int) -> Iterator[str]:
    """Yield a long formula over several lines, broken at its spaces."""
    label = _INDENT + text.safe(label)
    indent = " " * cell_len(label)
    for position, row in enumerate(wrapped(text.safe(body), width - len(indent))):
        yield (indent if position else label) + row


def array(numbers: Array, width: int = 70) -> list[str]:
    """Return the lines of an array of ours, where it is small enough to be read."""
    if numbers.size > 64 or numbers.ndim > 2:
        return [f"{text.shape(numbers.shape)} …"]
    return text.elements(numbers, width)


def block(label: str, rows: list[str], width: int) -> Iterator[str]:
    """Yield the rows of a matrix beside its label, or below it where they are too wide for that."""
    yield from beside(f"{_INDENT}{text.safe(label)}", rows, width, _BELOW)


def text_index(index: tuple[int, ...]) -> str:
    """Return ``[3,0]``, empty for a scalar."""
    return f"[{','.join(map(str, index))}]" if index else ""


def verdict(check: Check, words: Catalogue) -> str:
    """Return the mark of a check in words."""
    if check.status is Status.NOT_CHECKED:
        id = f"reason-{check.reason}"
        known = message(id) if id in words else message("reason-other", reason=check.reason or "?")
        return text.safe(words.text(message("not-checked", reason=words.text(known))))
    figures = {"difference": f"{check.difference or 0.0:.2g}"}
    if check.status is Status.VERIFIED:
        return words.text(message("checked", **figures))
    tolerance = f"{check.tolerance or 0.0:.2g}"
    return words.text(message("wrong", tolerance=tolerance, **figures))


# -- to paste -------------------------------------------------------------------------------------


def latex(story: StepStory) -> Iterator[str]:
    """Yield one aligned equation for each formula."""
    yield r"\begin{align*}"
    for explanation in story.explanations:
        for symbol, formula, names, _ in _formulas(explanation):
            yield rf"  {latex_symbol(symbol)} &= {formula.latex(names)} \\"
    yield r"\end{align*}"


def markdown(story: StepStory, words: Catalogue) -> Iterator[str]:
    """Yield Markdown with the formulas as LaTeX and the numbers as text."""
    title, *counts = _title(story, words)
    yield f"# {title}"
    yield from (f"\n{said}" for said in counts)
    phase = None
    for explanation in story.explanations:
        event = explanation.event
        if event.phase != phase:
            phase = event.phase
            yield f"\n## {words.text(message(f'phase-{phase}'))}"
        yield f"\n### {event.index}. {text.safe(words.text(explanation.title))}\n"
        if event.site is not None and event.site.expression:
            expression = text.safe(" ".join(event.site.expression.split()))
            yield f"`{expression}` ({text.place(event.site)})\n"
        for symbol, formula, names, value in _formulas(explanation):
            yield f"$${latex_symbol(symbol)} = {formula.latex(names)}$$\n"
            yield "```text"
            yield from (row.removeprefix(_INDENT) for row in block(f"{symbol} = ", value, 100))
            yield "```\n"
        for note in explanation.notes:
            yield f"{text.safe(words.text(note))}\n"
        if explanation.check is not None:
            yield verdict(explanation.check, words)


def _formulas(explanation: Explanation) -> Iterator[tuple[str, Any, Any, list[str]]]:
    for line in explanation.lines:
        if line.formula is not None:
            yield line.symbol, line.formula, line.names, _rows(line.value)
    for term in explanation.terms:
        rows = [] if term.value is None else array(term.value)
        yield term.symbol, term.formula, term.names, rows


def _rows(value: Value | None) -> list[str]:
    return text.value(value)
