"""Finds the op whose Jacobian is asked for: by event, node, op or result."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from retrograd.explain.symbols import Symbols
from retrograd.store.errors import RecordingError
from retrograd.store.model import Event, NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Value

_EVENT: Final = re.compile(r"a?(?P<event>\d{1,9})(\.(?P<output>\d{1,4}))?")
_NODE: Final = re.compile(r"node\s*#?(?P<node>\d{1,9})")
_NUMBERED: Final = re.compile(r"(?P<name>.+?)#(?P<number>\d{1,6})")


@dataclass(frozen=True, slots=True)
class Target:
    """One output of one op, and the run of its node, where there was one."""

    op: Op
    output: int
    run: NodeRun | None
    name: str = ""  # by which it was asked for, where others have the same
    number: int = 0  # which of them it is, from 1
    namesakes: tuple[int, ...] = ()  # events of all ops of that name, in order


class Finder:
    """Finds targets in one step."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.symbols = Symbols(step)
        self._runs: dict[int, NodeRun] = {}
        for event in step.events:
            if isinstance(event, NodeRun):
                self._runs.setdefault(event.node, event)

    def find(self, text: str) -> Target:
        """Return what a text means. Raises ``RecordingError`` where it means nothing."""
        words = text.strip()
        named = self._named(words)
        if named is not None:
            return named
        for number, other in enumerate(self.step.nodes):
            if words in (other.name, other.name.rpartition("::")[2]):  # of no op
                return self._node(number)
        event = _EVENT.fullmatch(words)
        if event is not None:
            return self._event(int(event["event"]), int(event["output"] or 0))
        node = _NODE.fullmatch(words)
        if node is not None:
            return self._node(int(node["node"]))
        raise RecordingError(self._unknown(words))

    # -- by name ----------------------------------------------------------------------------------

    def _named(self, words: str) -> Target | None:
        """Return what a name means: of several results the last, of nodes and ops the first."""
        found = self._all(words)
        if found:
            last = words in self._results
            return self._choose(words, found, len(found) if last else 1)
        numbered = _NUMBERED.fullmatch(words)
        found = self._all(numbered["name"]) if numbered is not None else []
        if numbered is None or not found:
            return None
        number = int(numbered["number"])
        if not 1 <= number <= len(found):
            raise RecordingError(
                f"step {self.step.index} has {len(found)} of {numbered['name']!r}, counted from 1: "
                f"there is no {words}"
            )
        return self._choose(numbered["name"], found, number)

    def _all(self, name: str) -> list[tuple[Op, int]]:
        """Return the ops and outputs that a name fits, in order."""
        if name in self._results:
            return self._results[name]
        bare = name.removeprefix("aten::")
        return [
            (op, 0)
            for op in self.step.ops
            if name == self._node_name(op)
            or bare in (op.name.removeprefix("aten::"), op.name[6:].partition(".")[0])
        ]

    def _choose(self, name: str, found: list[tuple[Op, int]], number: int) -> Target:
        op, output = found[number - 1]
        if len(found) == 1:
            return Target(op, output, self._run(op))
        return Target(op, output, self._run(op), name, number, tuple([o.index for o, _ in found]))

    @property
    def _results(self) -> dict[str, list[tuple[Op, int]]]:
        found: dict[str, list[tuple[Op, int]]] = {}
        for op in self.step.ops:
            for position, output in enumerate(op.outputs):
                if output is not None and output.name:
                    found.setdefault(output.name, []).append((op, position))
        return found

    def _node_name(self, op: Op) -> str | None:
        return None if op.node is None else self.step.nodes[op.node].name

    def _run(self, op: Op) -> NodeRun | None:
        return None if op.node is None else self._runs.get(op.node)

    # -- by number --------------------------------------------------------------------------------

    def _event(self, number: int, output: int) -> Target:
        if number >= len(self.step.events):
            raise RecordingError(
                f"step {self.step.index} has no event {number}: "
                f"its events are 0 to {len(self.step.events) - 1}"
            )
        event = self.step.events[number]
        if isinstance(event, NodeRun):
            return Target(self._op_of(event.node), output, event)
        if not isinstance(event, Op):
            raise RecordingError(
                f"event {number} is no op but {self._kind(event)}: it has no Jacobian of its own; "
                f"{self._hint()}"
            )
        if output >= len(event.outputs):
            raise RecordingError(
                f"event {number} has no result {output}: it has 0 to {len(event.outputs) - 1}"
            )
        return Target(event, output, self._run(event))

    def _node(self, number: int) -> Target:
        if number >= len(self.step.nodes):
            raise RecordingError(
                f"step {self.step.index} has no node {number}: "
                f"its nodes are 0 to {len(self.step.nodes) - 1}"
            )
        return Target(self._op_of(number), 0, self._runs.get(number))

    def _op_of(self, number: int) -> Op:
        node = self.step.nodes[number]
        op = None if node.op is None else self.step.events[node.op]
        if isinstance(op, Op):
            return op
        if node.opaque:
            raise RecordingError(
                f"{node.name} is a custom autograd.Function: what it computes is the program's own "
                "code, and has no derivative rule"
            )
        if node.parameter is not None:
            name = self.step.recording.parameters[node.parameter].name
            raise RecordingError(
                f"{node.name} adds to {name}.grad: it belongs to no op, and has no Jacobian; "
                f"{self._hint()}"
            )
        raise RecordingError(f"the op that created {node.name} was not recorded")

    @staticmethod
    def _kind(event: Event) -> str:
        return event.kind.replace("_", " ")

    # -- what to say instead ----------------------------------------------------------------------

    def _unknown(self, words: str) -> str:
        head = f"step {self.step.index} of {self.step.recording.path} has no op {words!r}"
        for parameter in self.step.recording.parameters:
            if parameter.name == words:
                users = self.users(parameter.id, None)
                return f"{words} is a parameter: no op of this step made it; " + (
                    f"ops that use it: {', '.join(users)}" if users else self._hint()
                )
        known = list(dict.fromkeys(self._known()))
        lower = {name.lower(): name for name in reversed(known)}
        near = [lower[n] for n in difflib.get_close_matches(words.lower(), lower, 3, 0.5)]
        return f"{head}; " + (f"did you mean {' or '.join(near)}?" if near else self._hint())

    def users(self, parameter: int | None, made: Op | None) -> list[str]:
        """Return the ops that use a parameter, or what an op made, as ``4 (mm)``."""
        outputs = {value.index for value in made.outputs if value is not None} if made else set()
        found = []
        for op in self.step.ops:
            if any(
                value.index in outputs
                or (parameter is not None and value.slot.parameter == parameter)
                for value in _values(op)
            ):
                found.append(f"{op.index} ({op.name.removeprefix('aten::')})")
        return found[:5]

    def _hint(self) -> str:
        ops = [op for op in self.step.ops if op.node is not None] or list(self.step.ops)
        listed = [f"{op.index} ({self._node_name(op) or op.name[6:]})" for op in ops]
        if not listed:
            return "its forward pass was not recorded"
        return f"there are {', '.join(listed[:6])}{', …' if len(listed) > 6 else ''}"

    def _known(self) -> Iterator[str]:
        for op in self.step.ops:
            node = self._node_name(op)
            if node is not None:
                yield node
            yield op.name.removeprefix("aten::").partition(".")[0]
        yield from self._results
        yield from (node.name for node in self.step.nodes if node.opaque)


def _values(op: Op) -> Iterator[Value]:
    for argument in op.arguments.values():
        for item in argument if isinstance(argument, tuple) else (argument,):
            if isinstance(item, Value):
                yield item
