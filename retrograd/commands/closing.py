"""The lines that close a run: what its recording holds, what was found in it, what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from retrograd.commands import text
from retrograd.commands.prose import Prose, left
from retrograd.commands.summary import counted, gaps
from retrograd.store.reader import Recording, load


def closing(prose: Prose, path: str, shown: str, found: Sequence[str]) -> str:
    """Return the closing lines of a finished recording.

    ``shown``: its name as the person would type it, ``found``: lines about what was found in it.
    """
    with load(path) as recording:
        rows = list(_rows(recording, shown, found, prose))
    width = max(cell_len(name) for name, _ in rows)
    lines = [f"  {left(name, width)}  {text.safe(content)}" for name, content in rows]
    return "\n".join([prose.say("closing-recorded"), *lines])


def _rows(
    recording: Recording, shown: str, found: Sequence[str], prose: Prose
) -> Iterator[tuple[str, str]]:
    meta = recording.meta
    yield prose.say("summary-steps"), counted(recording, prose)
    yield prose.say("closing-file"), f"{shown} ({text.size(recording.size)})"
    if recording.overhead is not None:
        yield prose.say("summary-overhead"), _cost(recording.overhead, meta, prose)
    first, last = meta.get("loss_first"), meta.get("loss_last")
    if isinstance(first, (int, float)) and isinstance(last, (int, float)):
        yield prose.say("closing-loss"), f"{first:.6g} → {last:.6g}"
    ended: Any = meta.get("exit") or {}
    if ended.get("kind") == "exception":
        about = {"type": str(ended.get("type")), "step": str(recording.steps)}
        yield prose.say("closing-ended"), prose.say("closing-ended-by", **about)
    for said, gap in gaps(recording, prose):
        yield prose.say("closing-left-out"), f"{said}: {gap.get('count'):,}×"
    for number, line in enumerate(found):
        yield "" if number else prose.say("closing-found"), line
    quoted = shlex.quote(shown)
    commands = [f"view {quoted}", f"diagnose {quoted}", f"summary {quoted}"]
    if recording.full_steps:
        commands.insert(1, f"explain {quoted} --step {recording.full_steps[0]}")
    for number, command in enumerate(commands):
        yield "" if number else prose.say("closing-next"), f"retrograd {command}"


def _cost(overhead: float, meta: Any, prose: Prose) -> str:
    """Return the overhead with the seconds that it was, and why a short run has so much."""
    from retrograd.recorder.policy import FLOOR_SECONDS, Policy

    spent = overhead / (1 + overhead) * float(meta.get("seconds") or 0.0)
    said: Any = meta.get("policy") or {}
    budget = said.get("budget")
    chosen = Policy(None if budget == "all" else budget, said.get("every"), said.get("steps") or ())
    id = "closing-cost-floor" if chosen.bounded and spent <= FLOOR_SECONDS else "closing-cost"
    share, floor = f"{overhead:.0%}", f"{FLOOR_SECONDS:g}"
    return prose.say(id, share=share, seconds=f"{spent:.2f}", floor=floor)
