"""What the values of a step are called in formulas: the user's own names, else numbered ones."""

from __future__ import annotations

from functools import cached_property

from retrograd.explain.node_op import Blank
from retrograd.store.model import NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Value


class Symbols:
    """The symbols of one step.

    A value that nothing names is called by the event that made it: ``a5`` is the result of event
    5, ``a5.1`` its second one. Gradients are called ``∂loss/∂a5``.
    """

    def __init__(self, step: Step) -> None:
        self.step = step

    @cached_property
    def _made(self) -> dict[int, str]:
        found: dict[int, str] = {}
        with self.step.recording.guard(f"structure {self.step.structure.id}"):
            for index, entry in enumerate(self.step.structure.events):
                if entry["kind"] == "op":
                    for position, output in enumerate(entry["outputs"]):
                        if output is not None:
                            suffix = f".{position}" if position else ""
                            found.setdefault(output, f"a{index}{suffix}")
        return found

    @cached_property
    def loss(self) -> str:
        """What the root of the step's first backward pass is called."""
        with self.step.recording.guard(f"structure {self.step.structure.id}"):
            for entry in self.step.structure.events:
                if entry["kind"] == "backward":
                    for root in entry["roots"]:
                        if root is not None:
                            return self.of_slot(root)
        return "L"

    def of(self, value: Value | None) -> str:
        """Return the symbol of a value."""
        if value is None:
            return "∅"
        return value.name or self._made.get(value.index) or f"v{value.index}"

    def of_slot(self, slot: int) -> str:
        """Return the symbol of the value of a slot."""
        return self.step.structure.names[slot] or self._made.get(slot) or f"v{slot}"

    def of_slots(self) -> tuple[str, ...]:
        """Return the symbols of all values of the step, by slot."""
        made = self._made
        names = enumerate(self.step.structure.names)
        return tuple([name or made.get(index) or f"v{index}" for index, name in names])

    def gradient(self, value: Value | None) -> str:
        """Return the symbol of the loss's gradient by a value."""
        return f"∂{self.loss}/∂{self.of(value)}"

    def unnamed_gradient(self, position: int) -> str:
        """Return the symbol of the gradient that goes out along an edge to nothing known."""
        return f"∂{self.loss}/∂·{position}"

    def of_rebuilt(self, op: Op) -> dict[str, str]:
        """Return the symbols of what is known of an op that a node was put together from.

        The other names stay those of the formula: ``G``, ``self``, ``y``.
        """
        return {
            name: self.of(item)
            for name, item in op.arguments.items()
            if isinstance(item, Value) and self.knows(item)
        }

    def knows(self, value: Value | None) -> bool:
        """Return whether the user or an event of the step gives a value its symbol."""
        if value is None or isinstance(value, Blank):
            return False
        return value.name is not None or value.index in self._made

    def of_op(self, op: Op) -> dict[str, str]:
        """Return the symbols of the names that an op's formulas use."""
        names = {
            name: self.of(item)
            for name, item in op.arguments.items()
            if isinstance(item, Value) and item.slot.kind != "scalar"
        }
        for position, output in enumerate(op.outputs):
            symbol = self.of(output)
            names[f"y{position}"] = symbol
            if position == 0:
                names["y"] = symbol
        return names

    def of_run(self, op: Op, run: NodeRun) -> dict[str, str]:
        """Return the symbols of the names in the formulas of an op's gradients."""
        names = self.of_op(op)
        for position in range(len(run.grad_outputs)):
            output = op.outputs[position] if position < len(op.outputs) else None
            symbol = self.gradient(output)
            names[f"G{position}"] = symbol
            if position == 0:
                names["G"] = symbol
        return names
