"""Makes the events of a step ready for the page, with the names that people know them by.

It reads the stored structure as it is: a large step has tens of thousands of events, and what
they hold is needed for those alone that somebody looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from retrograd.explain.op_title import op_word
from retrograd.explain.symbols import Symbols
from retrograd.store.references import References, natural, text
from retrograd.store.step import Step
from retrograd.store.structure import references
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

Json = Mapping[str, Any]


class EventList:
    """The events of one step; ``site`` numbers the positions in the source."""

    def __init__(self, step: Step, symbols: Symbols, site: Callable[[Any], int | None]):
        self.step = step
        self.symbols = symbols
        self.site = site
        self.named = symbols.of_slots()
        """What the values are called."""
        self.options: dict[tuple[ArgumentData, ...], int] = {}
        """Hyperparameters with their numbers: most updates have the same ones."""
        self._refer = references(step)
        self._events, self._nodes = step.structure.events, step.structure.nodes
        modules = step.recording.modules.items()
        self._path = {number: module.path for number, module in modules}.get
        self._known: tuple[Any, int] | None = None

    def all(self) -> tuple[EventData, ...]:
        """Return all of them in order."""
        made = enumerate(self._events)
        return tuple([_MAKERS[entry["kind"]](self, index, entry) for index, entry in made])

    def head(self, index: int, entry: Json, name: str, label: str) -> Head:
        phase: Phase = text(entry["phase"])  # type: ignore[assignment]  # the page takes any
        return (index, phase, name, label, self.site(entry["site"]), self._path(entry["module"]))

    def parameter(self, number: int) -> str:
        return self.step.recording.parameters[number].name

    # one method for each kind of event -----------------------------------------------------------

    def op(self, index: int, entry: Json) -> EventData:
        outputs = self._refer.slots(entry["outputs"])
        return OpData(
            *self.head(index, entry, _word(text(entry["op"])), self.made(outputs)),
            "op",
            tuple(_in(entry["arguments"].values(), self._refer)),
            outputs,
            self._refer.node(entry["node"]),
        )

    def opaque(self, index: int, entry: Json) -> EventData:
        outputs = self._refer.slots(entry["outputs"])
        return OpaqueData(
            *self.head(index, entry, text(entry["name"]), self.made(outputs)),
            "opaque",
            self._refer.slots(entry["inputs"]),
            outputs,
            self._refer.node(entry["node"]),
        )

    def made(self, outputs: Iterable[int | None]) -> str:
        """Return what the first result is called."""
        for output in outputs:
            if output is not None:
                return self.named[output]
        return ""

    def backward(self, index: int, entry: Json) -> EventData:
        roots = self._refer.slots(entry["roots"])
        told = ", ".join(["∅" if root is None else self.named[root] for root in roots])
        name = "backward()" if entry["api"] == "backward" else "autograd.grad"
        return BackwardData(
            *self.head(index, entry, name, told),
            "backward",
            natural(entry["pass"]),
            roots,
            tuple([self._refer.node(node) for node in entry["root_nodes"]]),
            self._refer.slots(entry["gradients"]),
        )

    def node_run(self, index: int, entry: Json) -> EventData:
        node = self._refer.some_node(entry["node"])
        sent = self._refer.slots(entry["grad_inputs"])
        return NodeRunData(
            *self.head(index, entry, text(self._nodes[node]["name"]), self.gradients(node, sent)),
            "node",
            natural(entry["pass"]),
            node,
            self._refer.slots(entry["grad_outputs"]),
            sent,
        )

    def gradients(self, node: int, sent: Iterable[int | None]) -> str:
        """Return what a node sends out: the gradients by what its edges lead to."""
        found = []
        for edge, gradient in zip(self._nodes[node]["next"], sent, strict=False):
            if edge is None or gradient is None:
                continue
            target = self._nodes[self._refer.some_node(edge[0])]
            if target["parameter"] is not None:
                parameter = self.parameter(self._refer.parameter(target["parameter"]))
                found.append(f"∂{self.symbols.loss}/∂{parameter}")
            elif target["op"] is not None:
                op = self._events[self._refer.some_event(target["op"])]
                outputs = op["outputs"] if op["kind"] == "op" else ()
                if natural(edge[1]) < len(outputs):
                    output = self._refer.slot(outputs[edge[1]])
                    symbol = "∅" if output is None else self.named[output]
                    found.append(f"∂{self.symbols.loss}/∂{symbol}")
        return ", ".join(dict.fromkeys(found)) if len(found) > 1 else "".join(found)

    def accumulation(self, index: int, entry: Json) -> EventData:
        node = self._refer.some_node(entry["node"])
        parameter = self._refer.parameter(entry["parameter"])
        gradient = f"{self.parameter(parameter)}.grad"
        return AccumulationData(
            *self.head(index, entry, text(self._nodes[node]["name"]), gradient),
            "accumulate",
            natural(entry["pass"]),
            node,
            parameter,
            self._refer.slot(entry["before"]),
            self._refer.slot(entry["contribution"]),
            self._refer.slot(entry["after"]),
        )

    def zero_grad(self, index: int, entry: Json) -> EventData:
        refer = self._refer
        label = ".grad = None" if entry["set_to_none"] else ".grad = 0"
        return ZeroGradData(
            *self.head(index, entry, "zero_grad", label),
            "zero_grad",
            tuple(
                [
                    GradientChangeData(
                        refer.parameter(change["parameter"]),
                        refer.slot(change["before"]),
                        refer.slot(change["after"]),
                    )
                    for change in entry["changes"]
                ]
            ),
        )

    def grad_change(self, index: int, entry: Json) -> EventData:
        parameter = self._refer.parameter(entry["parameter"])
        return GradChangeData(
            *self.head(index, entry, ".grad", f"{self.parameter(parameter)}.grad"),
            "grad_change",
            parameter,
            self._refer.slot(entry["before"]),
            self._refer.slot(entry["after"]),
        )

    def step_call(self, index: int, entry: Json) -> EventData:
        return StepCallData(*self.head(index, entry, text(entry["name"]), "step()"), "step")

    def update(self, index: int, entry: Json) -> EventData:
        parameter = self._refer.parameter(entry["parameter"])
        return UpdateData(
            *self.head(index, entry, text(entry["name"]), self.parameter(parameter)),
            "update",
            parameter,
            self._refer.slot(entry["before"]),
            self._refer.slot(entry["gradient"]),
            self._refer.slot(entry["after"]),
            self.option(entry["hyperparameters"]),
            named_slots(entry["state_before"], self._refer),
            named_slots(entry["state_after"], self._refer),
            bool(entry["manual"]),
        )

    def option(self, entries: Any) -> int:
        """Return the number of some hyperparameters."""
        if self._known is None or self._known[0] != entries:
            refer = self._refer
            told = tuple([_argument(str(name), entry, refer) for name, entry in entries.items()])
            self._known = (entries, self.options.setdefault(told, len(self.options)))
        return self._known[1]


_MAKERS: Final[dict[str, Callable[[EventList, int, Json], EventData]]] = {
    "op": EventList.op,
    "opaque": EventList.opaque,
    "backward": EventList.backward,
    "node": EventList.node_run,
    "accumulate": EventList.accumulation,
    "zero_grad": EventList.zero_grad,
    "grad_change": EventList.grad_change,
    "step": EventList.step_call,
    "update": EventList.update,
}
_word = cache(op_word)


def named_slots(entries: Json, refer: References) -> tuple[NamedSlot, ...]:
    """Return the values that an entry names."""
    return tuple([NamedSlot(name, refer.slot(slot)) for name, slot in entries.items()])


def _argument(name: str, entry: Any, refer: References) -> ArgumentData:
    """Return one argument of the stored structure: ``v`` and ``s`` are slots, ``c`` a constant."""
    slots = tuple(_in((entry,), refer))
    return ArgumentData(name, slots, None if slots else _constant(entry))


def _in(entries: Iterable[Any], refer: References) -> list[int]:
    """Return the slots in arguments of the stored structure."""
    found: list[int] = []
    for entry in entries:
        if "c" in entry:
            continue  # by far the most
        if "l" in entry:
            found += _in(entry["l"], refer)
        elif (slot := entry.get("v", entry.get("s"))) is not None:
            found.append(refer.some_slot(slot))
    return found


def _constant(entry: Any) -> str:
    if "l" in entry:
        return f"({', '.join(_constant(item) for item in entry['l'])})"
    return str(entry.get("c"))
