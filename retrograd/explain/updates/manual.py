"""Updates made by hand, such as ``w -= lr * w.grad`` under ``no_grad``."""

from __future__ import annotations

import numpy as np

from retrograd.explain.arguments import Names
from retrograd.explain.check import Check, not_checked
from retrograd.explain.engine import check_op
from retrograd.explain.rules import find
from retrograd.explain.symbols import Symbols
from retrograd.explain.updates.term import Term, largest
from retrograd.explain.worked import worked
from retrograd.store.model import Op, Update
from retrograd.store.step import Step


def manual_terms(step: Step, update: Update) -> tuple[tuple[Term, ...], Check]:
    """Return the formula of the in-place op that changed the parameter, and its check."""
    op = step.events[update.op] if update.op is not None else None
    if not isinstance(op, Op):
        return (), not_checked("no-op-recorded")
    known = find(op.name)
    if known is None:
        return (), not_checked("no-rule-yet")
    check = check_op(op)
    values = Names(op)
    found = known.formula.evaluate(values)
    result = np.asarray(found[0] if isinstance(found, tuple) else found)
    name = step.recording.parameters[update.parameter].name
    symbols = Symbols(step).of_op(op)
    example = None
    if result.size and not isinstance(found, tuple):
        example = worked(known.formula, values, result, largest(result))
    return (Term(f"{name}′", known.formula, symbols, result, example),), check
