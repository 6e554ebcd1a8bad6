"""Reads the structure of a step from its JSON, trusting nothing in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from retrograd.store.collector import collector_paused
from retrograd.store.elements import item_size
from retrograd.store.model import (
    Accumulation,
    Argument,
    BackwardCall,
    Edge,
    Event,
    GradChange,
    GradientChange,
    Module,
    Node,
    NodeRun,
    Op,
    Opaque,
    Site,
    StepCall,
    Update,
    ZeroGrad,
)
from retrograd.store.references import References, below, natural, naturals, optional, text
from retrograd.store.schema import STATISTICS
from retrograd.store.value import Slot, Value, contiguous

if TYPE_CHECKING:
    from retrograd.store.step import Step

Json = Mapping[str, Any]
Head = tuple[int, str, str, Site | None, Module | None]

_KINDS: Final = frozenset({"whole", "summary", "content", "scalar", "none"})
_STATISTICS_BYTES: Final = 8 * len(STATISTICS)


@dataclass(frozen=True, slots=True)
class Structure:
    """All of a step but its numbers; shared by the steps that repeat it."""

    id: int
    events: tuple[Json, ...]
    nodes: tuple[Json, ...]
    forms: tuple[Slot, ...]
    """What values have in common."""
    form: tuple[int, ...]
    """The place among the forms of each value's."""
    slots: tuple[Slot, ...]
    """The form of each value."""
    offsets: tuple[int, ...]
    """Where the bytes of each value begin."""
    names: tuple[str | None, ...]
    """What the user calls each value."""
    size: int


@collector_paused()
def parse(
    between: Callable[[], None],
    number: int,
    events: str,
    nodes: str,
    forms: str,
    slots: str,
    size: int,
) -> Structure:
    """Return the structure of four JSON documents; ``between`` them something else may be called.

    Raises ``ValueError``, ``TypeError`` or ``KeyError`` where they are not what a recorder writes.
    """
    read = []
    for text_ in (events, nodes, forms):
        document = json.loads(text_)
        if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
            raise ValueError("not an array of objects")
        read.append(document)
        between()
    known = tuple([_slot(entry) for entry in read[2]])
    form, offsets, names = _slots(known, json.loads(slots), size)
    return Structure(
        number,
        tuple(read[0]),
        tuple(read[1]),
        known,
        form,
        tuple([known[place] for place in form]),
        offsets,
        names,
        size,
    )


def _slots(
    forms: tuple[Slot, ...], entries: Iterable[Any], total: int
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[str | None, ...]]:
    """Return form, offset and name of each value."""
    sizes = [form.size for form in forms]
    count = len(forms)
    found: tuple[list[int], list[int], list[str | None]] = ([], [], [])
    for form, offset, name in entries:
        if natural(offset) + sizes[below(form, count)] > total:
            raise ValueError("a value lies outside the step's data")
        found[0].append(form)
        found[1].append(offset)
        found[2].append(None if name is None else text(name))
    return tuple(found[0]), tuple(found[1]), tuple(found[2])


def _slot(entry: Json) -> Slot:
    """Return the form that an entry describes."""
    sample = entry.get("sample")
    shape = naturals(entry["shape"])
    if len(shape) > 64:
        raise ValueError("a value of too many dimensions")
    slot = Slot(
        kind=entry["kind"],
        size=natural(entry["size"]),
        dtype=text(entry["dtype"]),
        shape=shape,
        stride=naturals(entry["stride"]) if "stride" in entry else contiguous(shape),
        storage_offset=natural(entry.get("storage_offset", 0)),
        device=text(entry.get("device", "cpu")),
        requires_grad=bool(entry.get("requires_grad")),
        leaf=bool(entry.get("leaf", True)),
        external=bool(entry.get("external")),
        parameter=optional(entry.get("parameter")),
        why=None if entry.get("why") is None else text(entry["why"]),
        layout=None if entry.get("layout") is None else text(entry["layout"]),
        sample=None if sample is None else (natural(sample[0]), natural(sample[1])),
    )
    if slot.kind not in _KINDS:
        raise ValueError("a value of no known form")
    width = item_size(slot.dtype)
    needed = {
        "whole": None if width is None else width * slot.count,
        "summary": None
        if width is None or slot.sample is None
        else _STATISTICS_BYTES + width * slot.sample[1],
        "content": 8 + _STATISTICS_BYTES,
        "scalar": 8,
        "none": 0,
    }[slot.kind]
    if needed is not None and slot.size != needed:
        raise ValueError("a value has another size than its shape")
    return slot


def references(step: Step) -> References:
    """Return what the numbers in the structure of a step may stand for."""
    return References(*_counts(step))


def _counts(step: Step) -> tuple[int, int, int, int]:
    structure = step.structure
    counts = len(structure.slots), len(structure.events), len(structure.nodes)
    return *counts, len(step.recording.parameters)


class _Binder(References):
    """Makes the events and nodes of one step out of its structure and values."""

    def __init__(self, step: Step) -> None:
        super().__init__(*_counts(step))
        self.values = step.values
        self._options: tuple[Json, dict[str, Argument]] = ({}, {})

    def value(self, slot: Any) -> Value | None:
        return None if slot is None else self.values[below(slot, self._slots)]

    def listed(self, slots: Iterable[Any]) -> tuple[Value | None, ...]:
        values, count = self.values, self._slots
        return tuple([None if slot is None else values[below(slot, count)] for slot in slots])

    def named(self, slots: Json) -> dict[str, Value | None]:
        return {key: self.value(slot) for key, slot in slots.items()}

    def argument(self, entry: Any, depth: int = 0) -> Argument:
        if "v" in entry:
            return self.value(entry["v"])
        if "c" not in entry:
            if "s" in entry:
                number = self.value(entry["s"])
                return None if number is None else number.number
            if depth > 8:
                raise ValueError("lists inside each other")
            return tuple([self.argument(item, depth + 1) for item in entry["l"]])
        constant = entry["c"]
        if not isinstance(constant, (str, int, float, bool, type(None))):
            raise TypeError("a constant that is none")
        return constant

    def arguments(self, entries: Json) -> dict[str, Argument]:
        return {key: self.argument(entry) for key, entry in entries.items()}

    def options(self, entries: Json) -> dict[str, Argument]:
        """Return hyperparameters; most updates have those of the one before."""
        if self._options[0] != entries:
            self._options = (entries, self.arguments(entries))
        return self._options[1]

    # one method for each kind of event -------------------------------------------------------

    def op(self, head: Head, e: Json) -> Event:
        return Op(
            *head,
            text(e["op"]),
            self.arguments(e["arguments"]),
            self.listed(e["outputs"]),
            self.node(e["node"]),
            bool(e["grad"]),
            tuple([text(name) for name in e["mutates"]]),
        )

    def backward(self, head: Head, e: Json) -> Event:
        return BackwardCall(
            *head,
            text(e["api"]),
            natural(e["pass"]),
            self.listed(e["roots"]),
            tuple([self.node(index) for index in e["root_nodes"]]),
            self.listed(e["gradients"]),
            bool(e["retain_graph"]),
            bool(e["create_graph"]),
            self.listed(e["inputs"]),
            self.listed(e["results"]),
        )

    def node_run(self, head: Head, e: Json) -> Event:
        return NodeRun(
            *head,
            self.some_node(e["node"]),
            natural(e["pass"]),
            self.listed(e["grad_outputs"]),
            self.listed(e["grad_inputs"]),
        )

    def accumulate(self, head: Head, e: Json) -> Event:
        return Accumulation(
            *head,
            self.some_node(e["node"]),
            natural(e["pass"]),
            self.parameter(e["parameter"]),
            self.value(e["before"]),
            self.value(e["contribution"]),
            self.value(e["after"]),
        )

    def zero_grad(self, head: Head, e: Json) -> Event:
        changes = [
            GradientChange(
                self.parameter(c["parameter"]), self.value(c["before"]), self.value(c["after"])
            )
            for c in e["changes"]
        ]
        return ZeroGrad(*head, text(e["owner"]), bool(e["set_to_none"]), tuple(changes))

    def grad_change(self, head: Head, e: Json) -> Event:
        return GradChange(
            *head,
            self.parameter(e["parameter"]),
            self.value(e["before"]),
            self.value(e["after"]),
            text(e["cause"]),
            self.event(e["op_event"]),
        )

    def step(self, head: Head, e: Json) -> Event:
        return StepCall(*head, natural(e["optimizer"]), text(e["name"]), natural(e["groups"]))

    def update(self, head: Head, e: Json) -> Event:
        return Update(
            *head,
            optional(e["optimizer"]),
            text(e["name"]),
            natural(e["group"]),
            self.parameter(e["parameter"]),
            self.value(e["before"]),
            self.value(e["gradient"]),
            self.value(e["after"]),
            self.named(e["state_before"]),
            self.named(e["state_after"]),
            self.options(e["hyperparameters"]),
            bool(e["manual"]),
            self.event(e.get("op_event")),
        )

    def opaque(self, head: Head, e: Json) -> Event:
        return Opaque(
            *head,
            text(e["name"]),
            self.listed(e["inputs"]),
            self.listed(e["outputs"]),
            self.node(e["node"]),
        )


_EVENTS: Final[dict[str, Callable[[_Binder, Head, Json], Event]]] = {
    "op": _Binder.op,
    "backward": _Binder.backward,
    "node": _Binder.node_run,
    "accumulate": _Binder.accumulate,
    "zero_grad": _Binder.zero_grad,
    "grad_change": _Binder.grad_change,
    "step": _Binder.step,
    "update": _Binder.update,
    "opaque": _Binder.opaque,
}


@collector_paused()
def bind_events(step: Step) -> tuple[Event, ...]:
    """Return a step's events with their values."""
    with step.recording.guard(f"structure {step.structure.id}"):
        binder = _Binder(step)
        sites, modules = step.recording.sites, step.recording.modules
        events = []
        for index, entry in enumerate(step.structure.events):
            kind = entry["kind"]
            site, module = entry["site"], entry["module"]
            head: Head = (
                index,
                text(kind),
                text(entry["phase"]),
                None if site is None else sites[site],
                None if module is None else modules.get(module),
            )
            events.append(_EVENTS[kind](binder, head, entry))
        return tuple(events)


@collector_paused()
def bind_nodes(step: Step) -> tuple[Node, ...]:
    """Return a step's autograd nodes with the values that they keep."""
    with step.recording.guard(f"structure {step.structure.id}"):
        binder = _Binder(step)
        let_go = freed(step.structure)
        count = len(step.structure.nodes)
        nodes = []
        for index, entry in enumerate(step.structure.nodes):
            edges = [
                None if edge is None else Edge(below(edge[0], count), natural(edge[1]))
                for edge in entry["next"]
            ]
            nodes.append(
                Node(
                    index,
                    text(entry["name"]),
                    binder.event(entry["op"]),
                    tuple(edges),
                    binder.named(entry["saved"]),
                    let_go.get(index),
                    None if entry["parameter"] is None else binder.parameter(entry["parameter"]),
                    natural(entry["pass"]),
                    bool(entry["opaque"]),
                    binder.node(entry["created_by"]),
                )
            )
        return tuple(nodes)


def freed(structure: Structure) -> dict[int, int]:
    """Return the event at which each node let go of what it kept."""
    retained: set[int] = set()
    found: dict[int, int] = {}
    for index, entry in enumerate(structure.events):
        if entry["kind"] == "backward" and entry["retain_graph"]:
            retained.add(natural(entry["pass"]))
        elif entry["kind"] == "node" and entry["pass"] not in retained:
            found.setdefault(entry["node"], index)
    return found
