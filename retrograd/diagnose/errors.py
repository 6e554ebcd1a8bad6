"""Rules about an error that ended the run: told by its words, placed by the recorded events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from retrograd.diagnose.detours import STEPPING, steps_aside
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


Place = Callable[[Evidence, Site | None], Site | None]


def placed(name: str, *patterns: str, place: Place | None = None) -> Check:
    """Return the check of a rule that is all about an error: its words tell, its cause places.

    ``place``: where it is to be mended, if that is not where it shows.
    """

    def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
        found = raised(evidence, *patterns)
        if found is not None:
            told = hit(evidence, found[0], message(f"{name}-found"))
            yield told if place is None else replace(told, site=place(evidence, told.site))

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
            match = re.match(r"\s*([\w.]+(?:\[[^\]=]*\])*)\s*=[^=]", line)
            if match is None or not re.search(rf"\b{re.escape(match[1])}\.grad\b", line):
                continue
            if not re.search(rf"=\s*\(?\s*{re.escape(match[1])}(?!\w)", line):
                continue
            if ".detach()" in line or "requires_grad_" in line:
                continue
            return op, value
    return None


def _line(evidence: Evidence, site: Site) -> str:
    source = evidence.recording.sources.get(site.path)
    lines = [] if source is None else source.text.splitlines()
    return lines[site.line - 1] if site.line and site.line <= len(lines) else ""
