"""Show what a recording holds."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from rich.cells import cell_len

from retrograd.commands import text
from retrograd.commands.language import add_language, catalogue
from retrograd.commands.prose import Prose, left
from retrograd.store.reader import Recording, load

MOST_PARAMETERS: Final = 40
"""Most parameters that are listed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument("--json", action="store_true", help="for machines")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print the summary."""
    with load(options.file) as recording:
        if options.json:
            print(json.dumps(text.plain(as_json(recording)), indent=2, allow_nan=False))
        else:
            print("\n".join(lines(recording, Prose(catalogue(options)))))
    return 0


def as_json(recording: Recording) -> dict[str, Any]:
    """Return everything as one JSON object."""
    meta = recording.meta
    return {
        "path": recording.path,
        "program": dict(recording.program),
        "environment": dict(recording.environment),
        "steps": recording.steps,
        "full_steps": len(recording.full_steps),
        "full_step_numbers": ranges(recording.full_steps),
        "loss_first": meta.get("loss_first"),
        "loss_last": meta.get("loss_last"),
        "parameters": [
            {
                "name": p.name,
                "shape": list(p.shape),
                "dtype": p.dtype,
                "device": p.device,
                "requires_grad": p.requires_grad,
                "module": p.module,
                "file": None if p.site is None else p.site.path,
                "line": None if p.site is None else p.site.line,
            }
            for p in recording.parameters
        ],
        "phases": phases(recording),
        "bytes": recording.size,
        "overhead": recording.overhead,
        "seconds": meta.get("seconds"),
        "complete": recording.complete,
        "live": recording.live,
        "backward_passes": meta.get("backward_passes"),
        "optimizers": meta.get("optimizers"),
        "policy": meta.get("policy"),
        "exit": meta.get("exit"),
        "not_recorded": meta.get("not_recorded"),
        "incidents": [
            {
                "kind": incident.kind,
                "step": incident.step,
                "event": incident.event,
                "file": None if incident.site is None else incident.site.path,
                "line": None if incident.site is None else incident.site.line,
                **incident.detail,
            }
            for incident in recording.incidents
        ],
    }


def ranges(steps: Iterable[int]) -> str:
    """Return ``0-2,10,12-14``."""
    spans: list[list[int]] = []
    for step in steps:
        if spans and spans[-1][1] == step - 1:
            spans[-1][1] = step
        else:
            spans.append([step, step])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def phases(recording: Recording) -> dict[str, int]:
    """Return the number of events of each phase in the last full step."""
    if not recording.full_steps:
        return {}
    step = recording.step(recording.full_steps[-1])
    return dict(Counter(event.phase for event in step.events))


def lines(recording: Recording, prose: Prose) -> Iterator[str]:
    """Yield the lines of the summary."""
    state = "live" if recording.live else "complete" if recording.complete else "cut-short"
    size = text.size(recording.size)
    yield f"{text.safe(recording.path)}, {size}: {prose.say(f'summary-{state}')}"
    yield ""
    rows = dict(_rows(recording, prose))
    width = max(map(cell_len, rows))
    for name, content in rows.items():
        yield f"  {left(name, width)}  {text.safe(content)}"
    yield from _parameters(recording, prose)
    yield from _curves(recording)
    yield from _notes(recording, prose)


def _rows(recording: Recording, prose: Prose) -> Iterator[tuple[str, str]]:
    program, environment, meta = recording.program, recording.environment, recording.meta
    argv = program.get("argv")
    if isinstance(argv, list):
        yield prose.say("summary-program"), " ".join(map(str, argv))
    about = [
        f"{key} {environment[key]}"
        for key in ("python", "torch", "retrograd")
        if key in environment
    ]
    yield prose.say("summary-environment"), ", ".join([*about, str(environment.get("device", ""))])
    yield prose.say("summary-steps"), counted(recording, prose)
    if 0 < len(recording.full_steps) < recording.steps:
        yield prose.say("summary-full-steps"), _shortened(ranges(recording.full_steps))
    if recording.overhead is not None:
        seconds = text.number(meta.get("seconds"))
        cost = prose.say("summary-cost", share=f"{recording.overhead:.0%}", seconds=seconds)
        yield prose.say("summary-overhead"), cost
    found = phases(recording)
    if found:
        listed = ", ".join(f"{count} {phase}" for phase, count in found.items())
        yield prose.say("summary-one-step"), prose.say("summary-events", phases=listed)
    optimizers = meta.get("optimizers")
    if optimizers:
        names = ", ".join(str(entry.get("name")) for entry in optimizers)
        yield prose.say("summary-optimizers"), names


def counted(recording: Recording, prose: Prose) -> str:
    """Return how many steps there are, and how many of them are light and full."""
    full = len(recording.full_steps)
    counts = {"steps": recording.steps, "light": recording.steps - full, "full": full}
    return prose.say("summary-counted", **{name: f"{count:,}" for name, count in counts.items()})


def gaps(recording: Recording, prose: Prose) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what was not recorded and why, in words, each with its entry in the file."""
    for gap in recording.meta.get("not_recorded") or []:
        why = str(gap.get("why"))
        id = f"gap-{why.replace('.', '-')}"
        said = prose.say(id) if id in prose.words else why
        yield said + (f" ({gap['detail']})" if gap.get("detail") else ""), gap


def _shortened(listed: str) -> str:
    return listed if len(listed) <= 60 else f"{listed[:56].rpartition(',')[0]}, …"


def _parameters(recording: Recording, prose: Prose) -> Iterator[str]:
    if not recording.parameters:
        return
    yield ""
    yield f"  {prose.say('summary-parameters', count=len(recording.parameters))}"
    width = min(max(len(p.name) for p in recording.parameters), 40)
    for p in recording.parameters[:MOST_PARAMETERS]:
        facts = f"{text.shape(p.shape):<10} {p.dtype}"
        yield f"    {text.safe(p.name):<{width}}  {facts}  {text.place(p.site)}".rstrip()
    more = len(recording.parameters) - MOST_PARAMETERS
    if more > 0:
        yield f"    {prose.say('summary-more-parameters', count=more)}"


def _curves(recording: Recording) -> Iterator[str]:
    yield ""
    for name in ("loss", "grad_norm", "weight_norm"):
        if name not in recording.series_names:
            continue
        values = recording.series(name).values
        known = values[~np.isnan(values)]
        if not known.size:
            continue
        first, last = text.number(float(known[0])), text.number(float(known[-1]))
        yield f"  {name:<12} {text.sparkline(values, 40)}  {first} → {last}"


def _notes(recording: Recording, prose: Prose) -> Iterator[str]:
    for incident in recording.incidents:
        if incident.kind == "gap":
            continue
        said = str(incident.detail.get("message") or incident.detail.get("what") or "")
        place = prose.say("summary-at", place=text.place(incident.site)) if incident.site else ""
        about = {"step": str(incident.step), "place": place, "said": said[:200]}
        yield f"  {incident.kind:<12} {prose.say('summary-incident', **about)}"
    for said, gap in gaps(recording, prose):
        about = {"what": said, "step": str(gap.get("first_step"))}
        yield f"  {prose.say('summary-not-recorded', **about)}"
