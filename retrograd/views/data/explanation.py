"""What one event did and why, for the explain panel."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from retrograd.explain.check import Check
from retrograd.explain.notation import number
from retrograd.explain.story import Explanation, Line, Teller
from retrograd.explain.updates import Term
from retrograd.explain.worked import Worked
from retrograd.messages.message import Message
from retrograd.store.errors import RecordingError
from retrograd.store.step import Step
from retrograd.views.data.elements import ArrayData, array_data
from retrograd.views.data.mathml import equation
from retrograd.views.data.values import INLINE


@dataclass(frozen=True, slots=True)
class MessageData:
    """A message of the catalogue with its arguments; the page puts it into words."""

    id: str
    arguments: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class WorkedData:
    """One element with its numbers put in."""

    index: tuple[int, ...]
    numbers: str
    result: str


@dataclass(frozen=True, slots=True)
class LineData:
    """One equation with PyTorch's own result."""

    symbol: str
    formula: str | None  # in one line of text
    math: str | None  # the whole equation as MathML
    slot: int | None  # the result
    worked: WorkedData | None
    summed: str | None  # the sum over broadcast dimensions
    role: str | None  # in the ledger: before, contribution, read, after


@dataclass(frozen=True, slots=True)
class TermData:
    """One term of an update with our result."""

    symbol: str
    formula: str
    math: str | None
    elements: ArrayData | None  # None where there are too many
    worked: WorkedData | None


@dataclass(frozen=True, slots=True)
class CheckData:
    """How our result compares with PyTorch's."""

    status: Literal["verified", "wrong", "not checked"]
    reason: str | None  # of not checked: the end of a message id, ``reason-…``
    difference: float | None  # the largest, before rounding to the tensor's dtype
    tolerance: float | None


@dataclass(frozen=True, slots=True)
class ExplanationData:
    """One event explained."""

    event: int
    title: MessageData
    lines: tuple[LineData, ...]
    terms: tuple[TermData, ...]
    notes: tuple[MessageData, ...]
    check: CheckData | None  # None where there is nothing to compute


def explanation(step: Step, index: int) -> ExplanationData:
    """Explain one event. Raises ``RecordingError`` for one that is not there."""
    if not 0 <= index < len(step.events):
        raise RecordingError(f"step {step.index} has no event {index}")
    return explanation_data(Teller(step).explain(step.events[index]))


def explanation_data(told: Explanation) -> ExplanationData:
    """Return an explanation for the page."""
    return ExplanationData(
        told.event.index,
        message_data(told.title),
        tuple([_line(line) for line in told.lines]),
        tuple([_term(term) for term in told.terms]),
        tuple([message_data(note) for note in told.notes]),
        check_data(told.check),
    )


def message_data(message: Message) -> MessageData:
    """Return a message for the page."""
    return MessageData(message.id, dict(message.arguments))


def check_data(check: Check | None) -> CheckData | None:
    """Return a check for the page."""
    if check is None:
        return None
    return CheckData(
        check.status.value, check.reason, _finite(check.difference), _finite(check.tolerance)
    )


def _line(line: Line) -> LineData:
    real = line.value is None or "complex" not in line.value.dtype
    return LineData(
        line.symbol,
        None if line.formula is None else line.formula.unicode(line.names),
        equation(line.symbol, line.formula, line.names, real=real),
        None if line.value is None else line.value.index,
        _worked(line.worked),
        None if line.summed is None else f"{line.summed.numbers} = {number(line.summed.result)}",
        line.role,
    )


def _term(term: Term) -> TermData:
    array: Any = None if term.value is None else np.asarray(term.value)
    real = array is None or array.dtype.kind != "c"
    small = array is not None and array.size <= INLINE
    return TermData(
        term.symbol,
        term.formula.unicode(term.names),
        equation(term.symbol, term.formula, term.names, real=real),
        array_data(array) if small else None,
        _worked(term.worked),
    )


def _worked(worked: Worked | None) -> WorkedData | None:
    if worked is None:
        return None
    return WorkedData(worked.index, worked.numbers, number(worked.result))


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
