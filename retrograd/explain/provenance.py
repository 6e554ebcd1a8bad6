"""Why a number is what it is: across ops, the backward pass, the update, and earlier steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retrograd.explain.provenance_gradient import GradientOrigin, GradientTracer
from retrograd.explain.provenance_history import History, Light, at_step, history, light
from retrograd.explain.provenance_origin import Origin, Tracer
from retrograd.explain.provenance_pass import Pass, passes
from retrograd.explain.provenance_paths import Paths, paths
from retrograd.explain.provenance_target import Finder, Index, Kind, Target
from retrograd.explain.samples import NotSplit, Shares, shares
from retrograd.explain.samples_chain import Chain, chains
from retrograd.explain.symbols import Symbols
from retrograd.explain.updates import ExplainedUpdate, explain_update
from retrograd.store.errors import RecordingError, StepError
from retrograd.store.model import GradChange, Parameter, Update, ZeroGrad
from retrograd.store.reader import Recording
from retrograd.store.step import Step
from retrograd.store.value import Value


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one backward pass added to an element of a parameter's ``.grad``."""

    through: Pass
    amount: Any
    paths: Paths
    samples: Shares | NotSplit
    chains: Mapping[int, Chain]  # by example, of those whose share is a single product
    origins: tuple[GradientOrigin, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A ``.grad`` element that something changed after the backward pass, such as clipping."""

    event: GradChange
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ParameterGradient:
    """An element of ``.grad``: what it held, what the passes added, what changed it.

    ``after`` is what the update read.
    """

    before: Any  # None where there was no .grad
    contributions: tuple[Contribution, ...]
    changes: tuple[Changed, ...]
    after: Any
    cleared: tuple[int, ...] = ()  # events of zero_grad() between the passes


@dataclass(frozen=True, slots=True)
class Updated:
    """One update of the element: numbers are None where they were not kept."""

    update: Update
    explained: ExplainedUpdate
    before: Any
    gradient: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Provenance:
    """The answer. Which parts there are depends on what was asked.

    ``step`` is None for a step that was recorded light; then there is only what the series say:
    ``light`` of a parameter, and its history.
    """

    target: Target
    index: int  # of the step
    step: Step | None
    number: Any
    updates: tuple[Updated, ...] = ()
    gradient: ParameterGradient | None = None
    history: History | None = None
    origin: Origin | None = None
    upstream: GradientOrigin | None = None
    light: Light | None = None


def why(
    recording: Recording,
    target: str,
    index: str | None = None,
    *,
    step: int | None = None,
    depth: int = 1,
) -> Provenance:
    """Return where a number came from.

    ``target`` is a name with an index as in Python (``fc1.weight[3,-1]``), with ``grad`` before it
    for its gradient, or the number of an event; ``index`` may stand apart. Without ``step`` the
    last full one is meant. Raises ``RecordingError`` where there is no such number.
    """
    if depth < 1:
        raise RecordingError(f"depth {depth} is not understood: give a number from 1 on")
    full = recording.full_steps
    if not full:
        raise StepError(f"{recording.path} has no step recorded in full")
    number = full[-1] if step is None else step
    if number not in full and number != recording.unfinished:
        return _light(recording, number, target, index)
    found = recording.step(number)
    return trace(found, Finder(found).find(target, index), depth)


def trace(step: Step, about: Target, depth: int = 1) -> Provenance:
    """Return where an element of a full step came from. Raises ``RecordingError``."""
    if about.kind is Kind.PARAMETER:
        return _parameter(step, about, depth)
    if about.kind is Kind.PARAMETER_GRADIENT:
        assert about.parameter is not None
        gradient = _gradient(step, about.parameter, about.index, depth)
        return Provenance(about, step.index, step, gradient.after, gradient=gradient)
    assert about.value is not None
    if about.kind is Kind.GRADIENT:
        return _upstream(step, about, about.value, depth)
    origin = Tracer(step).origin(about.value, about.index, depth)
    return Provenance(about, step.index, step, origin.number, origin=origin)


def _light(recording: Recording, number: int, target: str, index: str | None) -> Provenance:
    """Answer from the series alone. Raises ``StepError`` where they know nothing of it."""
    near = min(recording.full_steps, key=lambda step: abs(step - number))
    step = recording.step(near)
    about = Finder(step).find(target, index)
    if about.parameter is not None:
        parameter = recording.parameters[about.parameter]
        known = light(recording, parameter, about.index, number)
        if about.kind is Kind.PARAMETER_GRADIENT and known.gradient is not None:
            return Provenance(about, number, None, known.gradient, light=known)
        past = history(recording, parameter, about.index)
        if about.kind is Kind.PARAMETER and past is not None:
            value = past.after(number)
            if value is not None:
                return Provenance(about, number, None, value, history=past, light=known)
    elif about.kind is Kind.VALUE and about.name == Symbols(step).loss:
        loss = at_step(recording, "loss", number)
        if loss is not None:
            return Provenance(about, number, None, loss)
    recording.step(number)  # says why not, and which full steps are near
    raise AssertionError("a light step was read in full")


def _parameter(step: Step, about: Target, depth: int) -> Provenance:
    assert about.parameter is not None
    parameter = step.recording.parameters[about.parameter]
    updates = tuple(
        [_updated(step, u, about.index) for u in step.updates if u.parameter == parameter.id]
    )
    gradient = _gradient(step, parameter.id, about.index, depth)
    number = updates[-1].after if updates else _unchanged(step, parameter, about.index)
    return Provenance(
        about,
        step.index,
        step,
        number,
        updates,
        gradient if gradient.contributions or gradient.changes else None,
        history(step.recording, parameter, about.index),
    )


def _updated(step: Step, update: Update, index: Index) -> Updated:
    numbers = [at(value, index) for value in (update.before, update.gradient, update.after)]
    return Updated(update, explain_update(step, update), *numbers)


def _unchanged(step: Step, parameter: Parameter, index: Index) -> Any:
    """Return what a parameter that the step did not update held."""
    for value in reversed(step.values):
        if value.slot.parameter == parameter.id and value.shape == parameter.shape:
            return at(value, index)
    raise RecordingError(
        f"{parameter.name} has no part in step {step.index} of {step.recording.path}"
    )


def _gradient(step: Step, parameter: int, index: Index, depth: int) -> ParameterGradient:
    contributions = []
    for through in passes(step):
        if through.contributions(parameter):
            contributions.append(_contribution(through, parameter, index, depth))
    own = [a for a in step.accumulations if a.parameter == parameter]
    changes = tuple(
        [
            Changed(event, at(event.before, index), at(event.after, index))
            for event in step.events
            if isinstance(event, GradChange) and event.parameter == parameter
        ]
    )
    before = at(own[0].before, index) if own else None
    after = at(own[-1].after, index) if own else None
    read = max((u.index for u in step.updates if u.parameter == parameter), default=None)
    counted = [c for c in changes if read is None or c.event.index < read]  # later: for next time
    if counted and own and counted[-1].event.index > own[-1].index:
        after = counted[-1].after
    cleared = tuple(
        [
            event.index
            for event in step.events
            if isinstance(event, ZeroGrad)
            and own
            and own[0].index < event.index < own[-1].index
            and any(change.parameter == parameter for change in event.changes)
        ]
    )
    return ParameterGradient(before, tuple(contributions), changes, after, cleared)


def _contribution(through: Pass, parameter: int, index: Index, depth: int) -> Contribution:
    amounts = [at(a.contribution, index) for a in through.contributions(parameter)]
    split = shares(through, parameter, index)
    return Contribution(
        through,
        None if None in amounts else sum(amounts),
        paths(Pass(through.step, through.call), parameter, index),
        split,
        chains(split.flow, parameter, index) if isinstance(split, Shares) else {},
        tuple(GradientTracer(through).of_parameter(parameter, index, depth)),
    )


def _upstream(step: Step, about: Target, value: Value, depth: int) -> Provenance:
    for through in passes(step):
        found = GradientTracer(through).of_value(value, about.index, depth)
        if found is not None:
            return Provenance(about, step.index, step, found.number, upstream=found)
    raise RecordingError(
        f"{about.name} got no gradient in step {step.index} of {step.recording.path}: "
        "no backward pass went through the op that made it"
    )


def at(value: Value | None, index: Index) -> Any:
    """Return one element of a value, None where it was not kept."""
    array = None if value is None else value.array
    return None if array is None else array[index].item()
