"""Rules about an error that ended the run: told by its words, placed by the recorded events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Check, Hit, Limits
from retrograd.explain.failures import Failure, explain_failure
from retrograd.messages.message import Message, message
from retrograd.store.model import Incident, Op, Site
from retrograd.store.value import Value

NO_GRAPH: Final = r"does not require grad and does not have a grad_fn"


def raised(evidence: Evidence, *patterns: str) -> tuple[Incident, re.Match[str]] | None:
    """Return the error that ended the run where its words match one of some patterns."""
    incident = evidence.error
    if incident is None:
        return None
    for pattern in patterns:
        match = re.search(pattern, str(incident.detail.get("message")))
        if match is not None:
            return incident, match
    return None


def failure(evidence: Evidence) -> Failure | None:
    """Return why the run ended with an error, where the engine can tell."""
    return explain_failure(evidence.recording)


def hit(evidence: Evidence, incident: Incident, said: Message, fix: Message | None = None) -> Hit:
    """Return a hit at the cause that the engine found, else at the line that raised."""
    found = failure(evidence)
    site = (found.cause if found is not None else None) or incident.site
    return at(incident, site, said, fix)


def at(incident: Incident, site: Site | None, said: Message, fix: Message | None = None) -> Hit:
    """Return a hit at a position of the step that raised."""
    step = incident.step or 0
    return Hit(steps=(step,), site=site, message=said, event=incident.event, fix=fix)


def placed(name: str, *patterns: str) -> Check:
    """Return the check of a rule that is all about an error: its words tell, its cause places."""

    def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
        found = raised(evidence, *patterns)
        if found is not None:
            yield hit(evidence, found[0], message(f"{name}-found"))

    return check


def cuts(flow: Flow, root: Value) -> Iterator[Op]:
    """Yield the ops behind a root at which the graph ends, the last one first."""
    for index in sorted(flow.above(root), reverse=True):
        op = flow.events[index]
        if isinstance(op, Op) and flow.cuts(op):
            yield op


def rebound(evidence: Evidence, flow: Flow) -> tuple[Op, Value] | None:
    """Return where a parameter's name was given to a new tensor: ``w = w - lr * w.grad``."""
    failed = evidence.error is not None
    lost = flow.above(flow.roots[-1]) if failed and flow.roots else set()
    for op, value in steps_aside(flow):
        moved = any(update.parameter == value.slot.parameter for update in flow.updates)
        if failed and not op.mutates and (op.grad or (op.index in lost and not moved)):
            return op, value
    for op in flow.ops:
        if op.mutates or kind(op) not in STEPPING:
            continue
        for value in inputs(op):
            if value.slot.parameter is None or op.site is None:
                continue
            line = _line(evidence, op.site)
            match = re.match(r"\s*([\w.]+)\s*=[^=]", line)
            if match is None or not re.search(rf"\b{re.escape(match[1])}\.grad\b", line):
                continue
            if not re.search(rf"=\s*\(?\s*{re.escape(match[1])}\b", line):
                continue
            if ".detach()" in line or "requires_grad_" in line:
                continue
            return op, value
    return None


STEPPING: Final = ("sub", "add", "rsub", "mul", "addcmul", "addcdiv", "lerp")
"""Ops that may move a weight."""


def steps_aside(flow: Flow) -> Iterator[tuple[Op, Value]]:
    """Yield ops that move a parameter by its gradient into another tensor, and the parameter."""
    gradients: dict[int, set[int]] = {}
    for event in flow.accumulations:
        if event.after is not None:
            gradients.setdefault(event.parameter, set()).add(event.after.index)
    for call in flow.passes:
        for value, result in zip(call.inputs, call.results, strict=False):
            if value is not None and value.slot.parameter is not None and result is not None:
                gradients.setdefault(value.slot.parameter, set()).add(result.index)
    for op in flow.ops if gradients else ():
        if kind(op).removesuffix("_") not in STEPPING:
            continue
        taken = inputs(op)
        for value in taken:
            source = flow.source(value)
            number = source.slot.parameter
            if number is None or number not in gradients:
                continue
            if op.mutates and not _copied(flow, value):
                continue
            others = [other for other in taken if other.index != value.index]
            if any(_made_of(flow, other, gradients[number]) for other in others):
                yield op, source
                break


def _copied(flow: Flow, value: Value) -> bool:
    """Tell whether a value has memory of its own, apart from what it comes from."""
    for _ in range(8):
        op = flow.producers.get(value.index)
        taken = inputs(op) if op is not None else []
        if op is None or not taken:
            return False
        if kind(op) in ("clone", "_to_copy"):
            return True
        value = taken[0]
    return False


def _made_of(flow: Flow, value: Value, wanted: set[int]) -> bool:
    """Tell whether one of some values went into a value."""
    if value.index in wanted:
        return True
    above = [flow.events[index] for index in flow.above(value)]
    return any(item.index in wanted for op in above if isinstance(op, Op) for item in inputs(op))


def _line(evidence: Evidence, site: Site) -> str:
    source = evidence.recording.sources.get(site.path)
    lines = [] if source is None else source.text.splitlines()
    return lines[site.line - 1] if site.line and site.line <= len(lines) else ""


def left_torch(flow: Flow, root: Value) -> Op | None:
    """Return the op with which numbers of a trained tensor came back from Python, or left.

    ``.item()`` is an op; ``.tolist()`` and ``.numpy()`` are not, but leave a trained tensor behind
    that nothing takes, and ``torch.tensor()`` is where the numbers come back.
    """
    behind = flow.above(root)
    left: Op | None = None
    left_shapes: set[tuple[int, ...]] = set()  # of what was detached and nothing takes any more
    for op in flow.ops:
        if not op.grad:
            continue
        if kind(op) == "detach" and flow.trained(inputs(op)[0]):
            ends = [value for value in op.outputs if value and value.index not in flow.consumers]
            left_shapes |= {value.shape for value in ends if value.shape}
        if kind(op) == "lift_fresh" and op.index in behind:
            if left is not None:
                return op
            if {value.shape for value in inputs(op)} & left_shapes:
                return op
        if kind(op) == "_local_scalar_dense":
            left = op if flow.cuts(op) else left
        elif op.index not in behind and any(
            value is not None and value.index in flow.requires and value.index not in flow.consumers
            for value in op.outputs
        ):
            left = op
    return left


def returned(flow: Flow, below: set[int]) -> tuple[Op, Op] | None:
    """Return how numbers of some ops went through Python into the loss: the last op, the first one.

    ``.item()`` is an op; ``.tolist()`` and ``.numpy()`` leave a tensor behind that nothing takes.
    What came back has the same numbers; of what was detached, the same shape is enough, for NumPy
    may have computed with it.
    """
    numbers: dict[float, Op] = {}
    ends: list[tuple[Value, Op]] = []
    for index in sorted(below):
        op = flow.events[index]
        if not isinstance(op, Op) or not op.grad:
            continue
        if kind(op) == "_local_scalar_dense":
            number = inputs(op)[0].number
            if number is not None and flow.cuts(op):
                numbers.setdefault(number, op)
            continue
        unused = [v for v in op.outputs if v is not None and v.index not in flow.consumers]
        ends += [(value, op) for value in unused if value.shape]
    for index in sorted(flow.loss_ops):
        back = flow.events[index]
        if not isinstance(back, Op) or kind(back) != "lift_fresh":
            continue
        given = inputs(back)[0]
        for value, op in ends:
            if op.index < index and value.shape == given.shape:
                if kind(op) == "detach":
                    return op, back
                if same_numbers(value, given):
                    return back, back
        known = set() if given.array is None else set(given.array.ravel().tolist())
        read = [numbers[number] for number in known & numbers.keys() if number not in (0.0, 1.0)]
        if read and 2 * len(read) >= len(known):
            return min(read, key=lambda op: op.index), back
    return None


def same_numbers(one: Value, other: Value) -> bool:
    """Tell whether two values hold the same numbers, as far as the file knows."""
    if one.array is not None and other.array is not None:
        return np.array_equal(one.array, other.array, equal_nan=True)
    return one.statistics is not None and one.statistics == other.statistics
