"""The recording as a whole: what the page knows before it opens a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrograd.store.model import Incident
from retrograd.store.reader import Recording


@dataclass(frozen=True, slots=True)
class ParameterData:
    """A parameter; its place in the list is its number everywhere."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    requires_grad: bool
    module: str | None  # dotted path of the module that owns it


@dataclass(frozen=True, slots=True)
class IncidentData:
    """Something that happened to the run."""

    kind: str  # exception, warning, nonfinite or gap
    step: int | None
    event: int | None
    file: int | None  # number of the source file
    line: int | None  # from 1
    text: str  # the message of an exception, the name of what is not finite


@dataclass(frozen=True, slots=True)
class Overview:
    """Who ran, how far, and what was kept."""

    name: str  # file name of the recording
    program: str  # the command that ran
    steps: int  # light ones included
    full: tuple[tuple[int, int], ...]  # first and last of each unbroken run of full steps
    unfinished: int | None  # number of what ran after the last complete step
    complete: bool  # closed in good order
    live: bool  # the run is still going on
    exported: bool  # a part of the recording, in one file
    environment: Mapping[str, str]  # python, torch, device, …
    parameters: tuple[ParameterData, ...]
    files: tuple[str, ...]  # paths of the source files
    incidents: tuple[IncidentData, ...]
    models: tuple[int, ...] | None  # exported steps with a model view; None: any can be asked for
    series: tuple[str, ...]  # names of the curves
    overhead: float | None  # time for recording as a fraction of the program's own


def overview(
    recording: Recording,
    exported: tuple[int, ...] | None = None,
    models: tuple[int, ...] | None = None,
) -> Overview:
    """Return the overview of a recording.

    ``exported`` are the full steps that come along, ``models`` those of them with a model view.
    """
    meta, files = recording.meta, paths(recording)
    argv = recording.program.get("argv")
    full = recording.full_steps if exported is None else exported
    unfinished = recording.unfinished
    return Overview(
        name=recording.path.replace("\\", "/").rpartition("/")[2],
        program=" ".join(map(str, argv)) if isinstance(argv, list) else "",
        steps=recording.steps,
        full=ranges(step for step in full if step != unfinished),
        unfinished=unfinished if exported is None or unfinished in exported else None,
        complete=recording.complete,
        live=recording.live,
        exported=exported is not None,
        environment={str(key): str(value) for key, value in recording.environment.items()},
        parameters=tuple(
            ParameterData(p.name, p.shape, p.dtype, p.requires_grad, p.module)
            for p in recording.parameters
        ),
        files=files,
        incidents=tuple(_incident(item, files) for item in recording.incidents),
        models=models,
        series=recording.series_names,
        overhead=None if meta.get("overhead") is None else recording.overhead,
    )


def paths(recording: Recording) -> tuple[str, ...]:
    """Return the paths of the source files; the place of each is its number, also later on."""
    return tuple(recording.sources)


def ranges(steps: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return the first and last of each unbroken run of numbers in order."""
    found: list[tuple[int, int]] = []
    for step in steps:
        if found and found[-1][1] == step - 1:
            found[-1] = (found[-1][0], step)
        else:
            found.append((step, step))
    return tuple(found)


def _incident(item: Incident, files: tuple[str, ...]) -> IncidentData:
    site = item.site
    text = next((str(item.detail[key]) for key in _SAYING if item.detail.get(key)), "")
    return IncidentData(
        item.kind,
        item.step,
        item.event,
        files.index(site.path) if site is not None and site.path in files else None,
        None if site is None else site.line,
        text[:_LONGEST],
    )


_SAYING = ("message", "what", "why")
_LONGEST = 500
"""Characters of a message that are shown."""
