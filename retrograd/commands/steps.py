"""Show the events of one step in order, each with its source, shapes and values."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import fields
from functools import singledispatch
from typing import Any

from retrograd.commands import text
from retrograd.store.errors import StepError
from retrograd.store.model import (
    Accumulation,
    BackwardCall,
    Event,
    GradChange,
    GradientChange,
    Module,
    NodeRun,
    Op,
    Opaque,
    Site,
    StepCall,
    Update,
    ZeroGrad,
)
from retrograd.store.reader import Recording, load
from retrograd.store.step import Step
from retrograd.store.value import Value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the recording")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "step",
        metavar="STEP",
        nargs="?",
        help="a step's number (0), last, or unfinished (what ran after it)",
    )
    which.add_argument("--step", dest="named", metavar="N", help="the same, as elsewhere")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(options: argparse.Namespace) -> int:
    """Print the events."""
    with load(options.file) as recording:
        step = chosen(recording, options.step or options.named or "0")
        if options.json:
            print(json.dumps(text.plain(as_json(step)), allow_nan=False))
        else:
            for line in lines(step):
                print(line)
    return 0


def chosen(recording: Recording, word: str) -> Step:
    """Return the step that a word names. Raises ``StepError`` where it names none."""
    if word == "last":
        if not recording.full_steps:
            raise StepError(f"{recording.path} has no step recorded in full")
        return recording.step(recording.full_steps[-1])
    if word == "unfinished":
        if recording.unfinished is None:
            raise StepError(f"{recording.path}: nothing was recorded after the last step")
        return recording.step(recording.unfinished)
    if not word.isdecimal() or len(word) > 15:
        raise StepError(f"step {word!r} is not understood: give a number from 0 on, or last")
    return recording.step(int(word))


# -- text ---------------------------------------------------------------------------------------


def lines(step: Step) -> Iterator[str]:
    """Yield the lines that tell a step."""
    state = "" if step.complete else " (unfinished)"
    yield text.safe(
        f"step {step.index}{state} of {step.recording.path}: {len(step.events)} events, "
        f"{step.seconds * 1e3:.3g} ms"
    )
    room = max(shutil.get_terminal_size((80, 24)).columns - 12, 40)
    phase = None
    for event in step.events:
        if event.phase != phase:
            phase = event.phase
            yield ""
            yield _TITLES.get(phase, text.safe(phase))
        head, *rows = describe(event, step)
        source = "" if event.site is None else _source(event.site, room - len(head))
        yield f"{event.index:>5}  {head}{source}".rstrip()
        for row in rows:
            yield f"         {row}"


_TITLES = {
    "forward": "forward",
    "backward": "backward()",
    "zero_grad": "zero_grad()",
    "optimizer": "step()",
    "outside": "outside training (no_grad)",
}


def _source(site: Site, room: int) -> str:
    expression = text.safe(" ".join(site.expression.split()))
    if len(expression) > room - 16:
        expression = f"{expression[: max(room - 17, 8)]}…"
    return f"   {text.place(site)}  {expression}"


@singledispatch
def describe(event: Event, step: Step) -> list[str]:
    """Return the head line of an event and the lines below it."""
    return [event.kind]


@describe.register
def _(event: Op, step: Step) -> list[str]:
    rows = [event.name.removeprefix("aten::")]
    for name, argument in event.arguments.items():
        if isinstance(argument, Value):
            rows += named(name, argument)
        elif argument not in (None, False, (), 1) and not str(argument).startswith("torch."):
            rows.append(f"{text.safe(name)} = {text.safe(_constant(argument))}")
    for output in event.outputs:
        rows += named("→", output)
    if event.node is not None:
        rows.append(f"records {text.safe(step.nodes[event.node].name)} for the backward pass")
    return rows


@describe.register
def _(event: BackwardCall, step: Step) -> list[str]:
    rows = ["backward()" if event.api == "backward" else "torch.autograd.grad()"]
    if event.retain_graph:
        rows[0] += " retain_graph"
    if event.create_graph:
        rows[0] += " create_graph"
    for root, gradient in zip(event.roots, event.gradients, strict=False):
        rows += named("from", root)
        rows += named("gradient put in", gradient)
    return rows


@describe.register
def _(event: NodeRun, step: Step) -> list[str]:
    node = step.nodes[event.node]
    rows = [text.safe(node.name)]
    for gradient in event.grad_outputs:
        rows += named("in", gradient)
    for edge, gradient in zip(node.next, event.grad_inputs, strict=False):
        if edge is not None:
            rows += named(f"out to {text.safe(_target(step, edge.node))}", gradient)
    return rows


def _target(step: Step, index: int) -> str:
    node = step.nodes[index]
    if node.parameter is not None:
        return f"{step.recording.parameters[node.parameter].name}.grad"
    return node.name


@describe.register
def _(event: Accumulation, step: Step) -> list[str]:
    name = text.safe(step.recording.parameters[event.parameter].name)
    return [
        f"{name}.grad: before + contribution = after",
        *named("before", event.before),
        *named("+ contribution", event.contribution),
        *named("= after", event.after),
    ]


@describe.register
def _(event: ZeroGrad, step: Step) -> list[str]:
    rows = [
        f"{text.safe(event.owner)}.zero_grad(): .grad set to {'None' if event.set_to_none else '0'}"
    ]
    for change in event.changes:
        name = text.safe(step.recording.parameters[change.parameter].name)
        rows += named(f"{name}.grad was", change.before)
    if not event.changes:
        rows.append("no .grad was there")
    return rows


@describe.register
def _(event: GradChange, step: Step) -> list[str]:
    name = text.safe(step.recording.parameters[event.parameter].name)
    cause = "" if event.cause == "op" else " (found changed here)"
    return [
        f"{name}.grad changed{cause}",
        *named("before", event.before),
        *named("after", event.after),
    ]


@describe.register
def _(event: StepCall, step: Step) -> list[str]:
    return [f"{text.safe(event.name)}.step()"]


@describe.register
def _(event: Update, step: Step) -> list[str]:
    name = text.safe(step.recording.parameters[event.parameter].name)
    rows = [f"{name} updated by {'hand' if event.manual else text.safe(event.name)}"]
    rows += named("before", event.before)
    rows += named("gradient", event.gradient)
    set_ = [
        f"{text.safe(key)}={text.safe(_constant(setting))}"
        for key, setting in event.hyperparameters.items()
        if setting not in (None, False, 0)
    ]
    if set_:
        rows.append("with " + ", ".join(set_))
    for key, state in event.state_after.items():
        if key in event.state_before:
            rows += named(f"{text.safe(key)} before", event.state_before[key])
        rows += named(text.safe(key), state)
    return rows + named("after", event.after)


@describe.register
def _(event: Opaque, step: Step) -> list[str]:
    return [f"{text.safe(event.name)}: opaque, what happens inside is not seen"]


def named(name: str, item: Value | None) -> list[str]:
    """Return a value with a name before it, further lines below its first one."""
    if item is None:
        return [f"{name}: None"]
    called = f" {text.safe(item.name)}" if item.name else ""
    head = f"{name}{called} ({text.shape(item.shape)}): "
    first, *rest = text.value(item)
    return [head + first, *(" " * len(head) + row for row in rest)]


def _constant(argument: Any) -> str:
    if isinstance(argument, Value):
        return text.value(argument)[0]
    if isinstance(argument, tuple):
        return f"({', '.join(map(_constant, argument))})"
    return text.number(argument) if isinstance(argument, float) else str(argument)


# -- JSON ---------------------------------------------------------------------------------------


def as_json(step: Step) -> dict[str, Any]:
    """Return a step as one JSON object."""
    return {
        "step": step.index,
        "complete": step.complete,
        "seconds": step.seconds,
        "overhead": step.overhead,
        "structure": step.structure.id,
        "events": [encode(event) for event in step.events],
        "nodes": [encode(node) for node in step.nodes],
    }


def encode(item: Any) -> Any:
    """Return a typed thing of the reader as JSON; a value with its elements or its figures."""
    if isinstance(item, Value):
        array = item.array
        figures = item.statistics if array is None else None
        return {
            "slot": item.index,
            "name": item.name,
            "dtype": item.dtype,
            "shape": list(item.shape),
            "kind": item.slot.kind,
            "array": None if array is None else array.tolist(),
            "statistics": None if figures is None else figures._asdict(),
            "why": item.slot.why,
        }
    if isinstance(item, Module):
        return {"path": item.path, "type": item.type}
    if isinstance(item, GradientChange):
        return {key: encode(entry) for key, entry in item._asdict().items()}
    if isinstance(item, dict):
        return {key: encode(entry) for key, entry in item.items()}
    if isinstance(item, (tuple, list)):
        return [encode(entry) for entry in item]
    if hasattr(item, "__dataclass_fields__"):
        return {field.name: encode(getattr(item, field.name)) for field in fields(item)}
    return item
