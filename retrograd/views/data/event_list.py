"""Makes the events of a step ready for the page, with the names that people know them by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from retrograd.explain.op_title import op_word
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


class EventList:
    """The events of one step; ``site`` numbers the positions in the source."""

    def __init__(self, step: Step, symbols: Symbols, site: Callable[[Site | None], int | None]):
        self.step = step
        self.named = tuple([symbols.of(value) for value in step.values])
        """What the values are called."""
        self.events, self.nodes = step.events, step.nodes
        self.symbols = symbols
        self.site = site
        self.options: dict[tuple[ArgumentData, ...], int] = {}
        """Hyperparameters with their numbers: most updates have the same ones."""
        self._known: tuple[Any, int] | None = None

    def all(self) -> tuple[EventData, ...]:
        """Return all of them in order."""
        return tuple([_MAKERS[event.__class__](self, event) for event in self.events])

    def head(self, event: Event, name: str, label: str) -> Head:
        module = None if event.module is None else event.module.path
        phase: Phase = event.phase  # type: ignore[assignment]  # the reader leaves it a text
        return (event.index, phase, name, label, self.site(event.site), module)

    def parameter(self, number: int) -> str:
        return self.step.recording.parameters[number].name

    def entries(self, event: Event, key: str) -> Any:
        """Return arguments as the structure has them: numbers that change are slots."""
        return self.step.structure.events[event.index][key]

    # one method for each kind of event -----------------------------------------------------------

    def op(self, event: Op) -> EventData:
        return OpData(
            *self.head(
                event,
                op_word(event.name),
                self.made(event.outputs),
            ),
            "op",
            tuple(_in(self.entries(event, "arguments").values())),
            _slots(event.outputs),
            event.node,
        )

    def opaque(self, event: Opaque) -> EventData:
        return OpaqueData(
            *self.head(event, event.name, self.made(event.outputs)),
            "opaque",
            _slots(event.inputs),
            _slots(event.outputs),
            event.node,
        )

    def made(self, outputs: Iterable[Value | None]) -> str:
        """Return what the first result is called."""
        for output in outputs:
            if output is not None:
                return self.named[output.index]
        return ""

    def backward(self, event: BackwardCall) -> EventData:
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

    def node_run(self, event: NodeRun) -> EventData:
        return NodeRunData(
            *self.head(event, self.nodes[event.node].name, self.gradients(event)),
            "node",
            event.number,
            event.node,
            _slots(event.grad_outputs),
            _slots(event.grad_inputs),
        )

    def gradients(self, event: NodeRun) -> str:
        """Return what a node sends out: the gradients by what its edges lead to."""
        found = []
        for edge, gradient in zip(self.nodes[event.node].next, event.grad_inputs, strict=False):
            if edge is None or gradient is None:
                continue
            target = self.nodes[edge.node]
            if target.parameter is not None:
                found.append(f"∂{self.symbols.loss}/∂{self.parameter(target.parameter)}")
            elif target.op is not None:
                op = self.events[target.op]
                if isinstance(op, Op) and edge.input < len(op.outputs):
                    found.append(self.symbols.gradient(op.outputs[edge.input]))
        return ", ".join(dict.fromkeys(found)) if len(found) > 1 else "".join(found)

    def accumulation(self, event: Accumulation) -> EventData:
        gradient = f"{self.parameter(event.parameter)}.grad"
        return AccumulationData(
            *self.head(event, self.nodes[event.node].name, gradient),
            "accumulate",
            event.number,
            event.node,
            event.parameter,
            _slot(event.before),
            _slot(event.contribution),
            _slot(event.after),
        )

    def zero_grad(self, event: ZeroGrad) -> EventData:
        return ZeroGradData(
            *self.head(event, "zero_grad", ".grad = None" if event.set_to_none else ".grad = 0"),
            "zero_grad",
            tuple(
                [
                    GradientChangeData(change.parameter, _slot(change.before), _slot(change.after))
                    for change in event.changes
                ]
            ),
        )

    def grad_change(self, event: GradChange) -> EventData:
        return GradChangeData(
            *self.head(event, ".grad", f"{self.parameter(event.parameter)}.grad"),
            "grad_change",
            event.parameter,
            _slot(event.before),
            _slot(event.after),
        )

    def step_call(self, event: StepCall) -> EventData:
        return StepCallData(*self.head(event, event.name, "step()"), "step")

    def update(self, event: Update) -> EventData:
        return UpdateData(
            *self.head(event, event.name, self.parameter(event.parameter)),
            "update",
            event.parameter,
            _slot(event.before),
            _slot(event.gradient),
            _slot(event.after),
            self.option(self.entries(event, "hyperparameters")),
            _named(event.state_before),
            _named(event.state_after),
            event.manual,
        )

    def option(self, entries: Any) -> int:
        """Return the number of some hyperparameters."""
        if self._known is None or self._known[0] != entries:
            told = tuple([_argument(str(name), entry) for name, entry in entries.items()])
            self._known = (entries, self.options.setdefault(told, len(self.options)))
        return self._known[1]


_MAKERS: Final[dict[type[Event], Callable[[EventList, Any], EventData]]] = {
    Op: EventList.op,
    Opaque: EventList.opaque,
    BackwardCall: EventList.backward,
    NodeRun: EventList.node_run,
    Accumulation: EventList.accumulation,
    ZeroGrad: EventList.zero_grad,
    GradChange: EventList.grad_change,
    StepCall: EventList.step_call,
    Update: EventList.update,
}


def _slot(value: Value | None) -> int | None:
    return None if value is None else value.index


def _slots(values: Iterable[Value | None]) -> tuple[int | None, ...]:
    return tuple([None if value is None else value.index for value in values])


def _named(values: Any) -> tuple[NamedSlot, ...]:
    return tuple([NamedSlot(name, _slot(value)) for name, value in values.items()])


def _argument(name: str, entry: Any) -> ArgumentData:
    """Return one argument of the stored structure: ``v`` and ``s`` are slots, ``c`` a constant."""
    slots = tuple(_in((entry,)))
    return ArgumentData(name, slots, None if slots else _constant(entry))


def _in(entries: Iterable[Any]) -> list[int]:
    """Return the slots in arguments of the stored structure."""
    found: list[int] = []
    for entry in entries:
        if "l" in entry:
            found += _in(entry["l"])
        elif (slot := entry.get("v", entry.get("s"))) is not None:
            found.append(slot)
    return found


def _constant(entry: Any) -> str:
    if "l" in entry:
        return f"({', '.join(_constant(item) for item in entry['l'])})"
    return str(entry.get("c"))
