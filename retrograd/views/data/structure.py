"""The part of a step that steps share: events, values without their numbers, nodes, sites."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any, cast

from retrograd.explain.symbols import Symbols
from retrograd.store.model import (
    Accumulation,
    BackwardCall,
    Event,
    GradChange,
    NodeRun,
    Op,
    Opaque,
    Site,
    StepCall,
    Update,
    ZeroGrad,
)
from retrograd.store.step import Step
from retrograd.store.value import Value
from retrograd.views.data.events import (
    AccumulationData,
    ArgumentData,
    BackwardData,
    EventData,
    GradChangeData,
    GradientChangeData,
    Head,
    NamedSlot,
    NodeRunData,
    OpaqueData,
    OpData,
    Phase,
    StepCallData,
    UpdateData,
    ZeroGradData,
)
from retrograd.views.data.overview import paths


@dataclass(frozen=True, slots=True)
class SlotData:
    """What is known of a value without its elements."""

    symbol: str  # the user's name for it, else one by the event that made it
    named: bool  # whether the symbol is the user's own name
    kind: str  # whole, summary, content, scalar or none
    dtype: str  # PyTorch's name of it
    shape: tuple[int, ...]
    stride: tuple[int, ...]  # in elements
    offset: int  # of the first element in its storage, in elements
    device: str
    requires_grad: bool
    leaf: bool
    parameter: int | None
    why: str | None  # why the elements were not kept


@dataclass(frozen=True, slots=True)
class SiteData:
    """A position in the source: lines from 1, columns from 0, the end exclusive."""

    file: int
    function: str
    line: int
    end_line: int
    column: int
    end_column: int
    expression: str


@dataclass(frozen=True, slots=True)
class EdgeData:
    """Where a node sends a gradient."""

    node: int
    input: int


@dataclass(frozen=True, slots=True)
class NodeData:
    """One autograd node."""

    name: str
    op: int | None  # the event that made it
    next: tuple[EdgeData | None, ...]
    saved: tuple[NamedSlot, ...]  # what it keeps for its backward formula
    freed: int | None  # the event after which that is freed
    parameter: int | None  # of an AccumulateGrad
    opaque: bool


@dataclass(frozen=True, slots=True)
class StructureData:
    """Everything of a step but its numbers."""

    id: int
    slots: tuple[SlotData, ...]
    events: tuple[EventData, ...]
    nodes: tuple[NodeData, ...]
    sites: tuple[SiteData, ...]


def structure(step: Step) -> StructureData:
    """Return the structure of a step."""
    return _Builder(step).build()


class _Builder:
    def __init__(self, step: Step) -> None:
        self.step = step
        self.symbols = Symbols(step)
        self.files = {path: number for number, path in enumerate(paths(step.recording))}
        self.sites: dict[int, int] = {}
        self.listed: list[SiteData] = []

    def build(self) -> StructureData:
        with self.step.recording.guard(f"structure {self.step.structure.id}"):
            events = tuple([self.event(event) for event in self.step.events])
            return StructureData(
                self.step.structure.id,
                tuple([self.slot(value) for value in self.step.values]),
                events,
                tuple(
                    NodeData(
                        node.name,
                        node.op,
                        tuple(None if e is None else EdgeData(*e) for e in node.next),
                        _named(node.saved),
                        node.freed,
                        node.parameter,
                        node.opaque,
                    )
                    for node in self.step.nodes
                ),
                tuple(self.listed),
            )

    def slot(self, value: Value) -> SlotData:
        slot = value.slot
        return SlotData(
            self.symbols.of(value),
            value.name is not None,
            slot.kind,
            slot.dtype,
            slot.shape,
            slot.stride,
            slot.storage_offset,
            slot.device,
            slot.requires_grad,
            slot.leaf,
            slot.parameter,
            slot.why,
        )

    def site(self, site: Site | None) -> int | None:
        if site is None or site.line is None or site.path not in self.files:
            return None
        if site.id not in self.sites:
            self.sites[site.id] = len(self.listed)
            self.listed.append(
                SiteData(
                    self.files[site.path],
                    site.function,
                    site.line,
                    site.end_line or site.line,
                    site.column or 0,
                    site.end_column or 0,
                    site.expression,
                )
            )
        return self.sites[site.id]

    def head(self, event: Event, name: str, label: str) -> Head:
        module = None if event.module is None else event.module.path
        return (event.index, cast(Phase, event.phase), name, label, self.site(event.site), module)

    def parameter(self, number: int) -> str:
        return self.step.recording.parameters[number].name

    def raw(self, event: Event, key: str) -> tuple[ArgumentData, ...]:
        """Return arguments as the structure has them: numbers that change are slots."""
        entries = self.step.structure.events[event.index][key]
        return tuple([_argument(str(name), entry) for name, entry in entries.items()])

    @singledispatchmethod
    def event(self, event: Event) -> EventData:
        raise TypeError(event.kind)

    @event.register
    def _(self, event: Op) -> EventData:
        made = next((output for output in event.outputs if output is not None), None)
        return OpData(
            *self.head(
                event,
                event.name.removeprefix("aten::").partition(".")[0],
                "" if made is None else self.symbols.of(made),
            ),
            "op",
            self.raw(event, "arguments"),
            _slots(event.outputs),
            event.node,
            event.mutates,
        )

    @event.register
    def _(self, event: BackwardCall) -> EventData:
        roots = ", ".join(self.symbols.of(root) for root in event.roots)
        name = "backward()" if event.api == "backward" else "autograd.grad"
        return BackwardData(
            *self.head(event, name, roots),
            "backward",
            event.number,
            _slots(event.roots),
            event.root_nodes,
            _slots(event.gradients),
        )

    @event.register
    def _(self, event: NodeRun) -> EventData:
        node = self.step.nodes[event.node]
        return NodeRunData(
            *self.head(event, node.name, self.gradients(event)),
            "node",
            event.number,
            event.node,
            _slots(event.grad_outputs),
            _slots(event.grad_inputs),
        )

    def gradients(self, event: NodeRun) -> str:
        """Return what a node sends out: the gradients by what its edges lead to."""
        found = []
        for edge, gradient in zip(
            self.step.nodes[event.node].next, event.grad_inputs, strict=False
        ):
            if edge is None or gradient is None:
                continue
            target = self.step.nodes[edge.node]
            if target.parameter is not None:
                found.append(f"∂{self.symbols.loss}/∂{self.parameter(target.parameter)}")
            elif target.op is not None:
                op = self.step.events[target.op]
                if isinstance(op, Op) and edge.input < len(op.outputs):
                    found.append(self.symbols.gradient(op.outputs[edge.input]))
        return ", ".join(dict.fromkeys(found))

    @event.register
    def _(self, event: Accumulation) -> EventData:
        return AccumulationData(
            *self.head(
                event, self.step.nodes[event.node].name, f"{self.parameter(event.parameter)}.grad"
            ),
            "accumulate",
            event.number,
            event.node,
            event.parameter,
            _slot(event.before),
            _slot(event.contribution),
            _slot(event.after),
        )

    @event.register
    def _(self, event: ZeroGrad) -> EventData:
        return ZeroGradData(
            *self.head(event, "zero_grad", ".grad = None" if event.set_to_none else ".grad = 0"),
            "zero_grad",
            event.set_to_none,
            tuple(
                GradientChangeData(c.parameter, _slot(c.before), _slot(c.after))
                for c in event.changes
            ),
        )

    @event.register
    def _(self, event: GradChange) -> EventData:
        return GradChangeData(
            *self.head(event, ".grad", f"{self.parameter(event.parameter)}.grad"),
            "grad_change",
            event.parameter,
            _slot(event.before),
            _slot(event.after),
        )

    @event.register
    def _(self, event: StepCall) -> EventData:
        return StepCallData(*self.head(event, event.name, "step()"), "step")

    @event.register
    def _(self, event: Update) -> EventData:
        return UpdateData(
            *self.head(event, event.name, self.parameter(event.parameter)),
            "update",
            event.parameter,
            _slot(event.before),
            _slot(event.gradient),
            _slot(event.after),
            self.raw(event, "hyperparameters"),
            _named(event.state_before),
            _named(event.state_after),
            event.manual,
        )

    @event.register
    def _(self, event: Opaque) -> EventData:
        made = next((output for output in event.outputs if output is not None), None)
        return OpaqueData(
            *self.head(event, event.name, "" if made is None else self.symbols.of(made)),
            "opaque",
            _slots(event.inputs),
            _slots(event.outputs),
            event.node,
        )


def _slot(value: Value | None) -> int | None:
    return None if value is None else value.index


def _slots(values: tuple[Value | None, ...]) -> tuple[int | None, ...]:
    return tuple([_slot(value) for value in values])


def _named(values: Any) -> tuple[NamedSlot, ...]:
    return tuple([NamedSlot(name, _slot(value)) for name, value in values.items()])


def _argument(name: str, entry: Any) -> ArgumentData:
    """Return one argument of the stored structure: ``v`` and ``s`` are slots, ``c`` a constant."""
    slots = tuple(_within(entry))
    if slots:
        return ArgumentData(name, slots, None)
    return ArgumentData(name, (), _constant(entry))


def _within(entry: Any) -> list[int]:
    if "l" in entry:
        return [slot for item in entry["l"] for slot in _within(item)]
    slot = entry.get("v", entry.get("s"))
    return [] if slot is None else [int(slot)]


def _constant(entry: Any) -> str:
    if "l" in entry:
        return f"({', '.join(_constant(item) for item in entry['l'])})"
    return str(entry.get("c"))
