"""With which sign the parts of a loss reach it: what is to get smaller, and what larger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from retrograd.diagnose.flow import RESHAPING, Flow, inputs, kind
from retrograd.store.model import Argument, Op
from retrograd.store.value import Value

_SUMMING: Final = frozenset({"mean", "sum", "cat", "stack"})
_CHOOSING: Final = frozenset({"index", "gather", "index_select", "masked_select"})


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a loss: the result of an op that is no sum, mean or multiple of others."""

    op: Op
    turned: bool  # whether it counts with a minus


def terms(flow: Flow, root: Value) -> Iterator[Term]:
    """Yield the trained parts that a loss adds up, each with its sign."""
    waiting, seen = [(root, False)], set()
    while waiting:
        value, turned = waiting.pop()
        op = flow.producers.get(value.index)
        if op is None or (op.index, turned) in seen:
            continue
        seen.add((op.index, turned))
        parts = _parts(flow, op)
        if parts is not None:
            waiting += [(part, turned != minus) for part, minus in parts]
        elif flow.trained(value):
            yield Term(op, turned)


def _parts(flow: Flow, op: Op) -> list[tuple[Value, bool]] | None:
    """Return what an op adds up and whether with a minus; None where it does something else."""
    name, taken = kind(op), inputs(op)
    if not taken:
        return None
    if name == "copy_":
        return [(taken[-1], False)]
    if name in RESHAPING | _CHOOSING:
        return [(taken[0], False)]
    if name in _SUMMING:
        return [(value, False) for value in taken]
    if name == "neg":
        return [(taken[0], True)]
    if name in ("add", "add_", "sub", "sub_", "rsub") and _sign(flow, op.arguments.get("alpha", 1)):
        minus = {"sub": "other", "sub_": "other", "rsub": "self"}.get(name)
        sides = [(op.arguments.get(side), side == minus) for side in ("self", "other")]
        return [(v, turned) for v, turned in sides if isinstance(v, Value) and v in taken]
    if name in ("mul", "mul_", "div", "div_"):
        first, other = op.arguments.get("self"), op.arguments.get("other")
        ways = [(first, other)] if name.startswith("div") else [(first, other), (other, first)]
        for part, factor in ways:
            sign = _sign(flow, factor)
            if isinstance(part, Value) and part in taken and sign is not None:
                return [(part, not sign)]
    return None


def _sign(flow: Flow, factor: Argument) -> bool | None:
    """Tell whether a factor is positive (True) or negative; None if neither, or if it learns."""
    if isinstance(factor, Value) and factor.slot.kind != "scalar":
        figures = factor.statistics
        if figures is None or (flow.trained(factor) and figures.min <= 0):
            return None
        return True if figures.min >= 0 else (False if figures.max <= 0 else None)
    number = factor.number if isinstance(factor, Value) else factor
    if isinstance(number, bool) or not isinstance(number, (int, float)) or number == 0:
        return None
    return number > 0
