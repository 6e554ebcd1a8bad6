"""What a rule saw in several steps, gathered by the line at which it saw it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.finding import Number, Severity
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit
from retrograd.messages.message import Message
from retrograd.store.model import Op, Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sighting(Generic[T]):
    """One op of one step, and what is remarkable about it."""

    flow: Flow
    op: Op
    what: T


def repeated(sightings: Iterable[Sighting[T]], times: float) -> Iterator[list[Sighting[T]]]:
    """Yield the sightings of each line at which enough steps have one, in order."""
    lines: dict[int, list[Sighting[T]]] = {}
    for seen in sightings:
        lines.setdefault(seen.op.site.id if seen.op.site else -1, []).append(seen)
    for found in lines.values():
        if len({seen.flow.index for seen in found}) >= times:
            yield found


def back_to_onset(
    evidence: Evidence,
    seen: list[Sighting[T]],
    look: Callable[[Flow], Iterable[Sighting[T]]],
) -> list[Sighting[T]]:
    """Put before what was seen at a line what is seen there just before, without a gap."""
    site = seen[0].op.site
    found = list(seen)
    for flow in reversed([flow for flow in evidence.flows if flow.index < seen[0].flow.index]):
        here = [sighting for sighting in look(flow) if sighting.op.site == site]
        if not here:
            break
        found[:0] = here
    return found


def hit(
    evidence: Evidence,
    seen: list[Sighting[T]],
    said: Message,
    numbers: Mapping[str, Number] | None = None,
    severity: Severity | None = None,
    *,
    structural: bool = True,
    site: Site | None = None,
) -> Hit:
    """Return a hit at the first sighting.

    ``site``: the place to change, where that is known to be another than the op's.
    ``structural``: what was seen follows from the ops, so it holds for all steps that are alike;
    else from the numbers, and it holds for the steps looked at.
    """
    steps = {sighting.flow.index for sighting in seen}
    return Hit(
        steps=evidence.alike(steps) if structural else tuple(sorted(steps)),
        site=site or seen[0].op.site,
        event=seen[0].op.index,
        message=said,
        evidence=numbers or {},
        severity=severity,
    )
