"""Show what a recording holds."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from retrograd.commands import text
from retrograd.store.reader import Recording, load

GAPS: Final = {
    "failure": "retrograd itself failed and stopped recording",
    "other-thread": "training in another thread is not recorded; one thread is",
    "other-dispatch-mode": "the program had a dispatch mode of its own on: no ops were seen",
    "light-without-norms": "norms and small values of light steps, left out to keep to the budget",
    "many-untraced-ops": "ops outside training, beyond what one step keeps",
    "no-update-seen": "backward passes without any update, beyond what one step keeps",
    "forward-was-light": "the forward pass before the first NaN or Inf was recorded light",
    "torch.func": "gradients computed inside torch.func are opaque",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(options: argparse.Namespace) -> int:
    """Print the summary."""
    with load(options.file) as recording:
        if options.json:
            print(json.dumps(text.plain(as_json(recording)), indent=2, allow_nan=False))
        else:
            print("\n".join(lines(recording)))
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


def lines(recording: Recording) -> Iterator[str]:
    """Yield the lines of the summary."""
    yield text.safe(f"{recording.path}, {text.size(recording.size)}: {_state(recording)}")
    yield ""
    for name, content in _rows(recording):
        yield f"  {name:<12} {text.safe(content)}"
    yield from _parameters(recording)
    yield from _curves(recording)
    yield from _notes(recording)


def _state(recording: Recording) -> str:
    if recording.live:
        return "still being written; this is what it holds so far"
    if not recording.complete:
        return "cut short; it holds every step that was on disk"
    return "complete"


def _rows(recording: Recording) -> Iterator[tuple[str, str]]:
    program, environment, meta = recording.program, recording.environment, recording.meta
    argv = program.get("argv")
    if isinstance(argv, list):
        yield "program", " ".join(map(str, argv))
    about = [
        f"{key} {environment[key]}"
        for key in ("python", "torch", "retrograd")
        if key in environment
    ]
    yield "environment", ", ".join([*about, str(environment.get("device", ""))])
    light = recording.steps - len(recording.full_steps)
    yield "steps", f"{recording.steps:,} ({light:,} light, {len(recording.full_steps):,} full)"
    if light and recording.full_steps:
        yield "full steps", _shortened(ranges(recording.full_steps))
    if recording.overhead is not None:
        yield "overhead", f"{recording.overhead:.0%} of {text.number(meta.get('seconds'))} s"
    found = phases(recording)
    if found:
        yield (
            "one step",
            ", ".join(f"{count} {phase}" for phase, count in found.items()) + " events",
        )
    optimizers = meta.get("optimizers")
    if optimizers:
        yield "optimizers", ", ".join(str(entry.get("name")) for entry in optimizers)


def _shortened(listed: str) -> str:
    return listed if len(listed) <= 60 else f"{listed[:56].rpartition(',')[0]}, …"


def _parameters(recording: Recording) -> Iterator[str]:
    if not recording.parameters:
        return
    yield ""
    yield f"  parameters ({len(recording.parameters)})"
    width = min(max(len(p.name) for p in recording.parameters), 40)
    for p in recording.parameters[:40]:
        facts = f"{text.shape(p.shape):<10} {p.dtype}"
        yield f"    {text.safe(p.name):<{width}}  {facts}  {text.place(p.site)}".rstrip()
    if len(recording.parameters) > 40:
        yield f"    … and {len(recording.parameters) - 40} more (--json lists all)"


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


def _notes(recording: Recording) -> Iterator[str]:
    for incident in recording.incidents:
        if incident.kind == "gap":
            continue
        said = incident.detail.get("message") or incident.detail.get("what") or ""
        where = f" at {text.place(incident.site)}" if incident.site else ""
        yield f"  {incident.kind:<12} step {incident.step}{where}: {text.safe(str(said))[:200]}"
    for gap in recording.meta.get("not_recorded") or []:
        why = str(gap.get("why"))
        said = GAPS.get(why, why)
        detail = f" ({gap['detail']})" if gap.get("detail") else ""
        yield text.safe(f"  not recorded {said}, from step {gap.get('first_step')}{detail}")
