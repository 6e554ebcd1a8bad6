"""The op behind an autograd node: the recorded one, or what the node itself keeps of it.

Nobody sees the ops that run in a backward pass. Of a node that one of them made (by
``create_graph=True``, or by a checkpoint that runs its region again) the recording has the name
and everything that it keeps for its formula; that is enough to put the op together again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from retrograd.explain.arguments import NotKept
from retrograd.explain.rule import Rule
from retrograd.explain.rules import all_rules
from retrograd.explain.slices import dense
from retrograd.store.elements import Array
from retrograd.store.model import Argument, Node, NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Slot, Value

_GENERATED: Final = re.compile(r"Backward\d+(_copy)?$")
_RESULT: Final = re.compile(r"result(\d*)")
_DEFAULTS: Final[Mapping[str, Argument]] = {"alpha": 1, "beta": 1, "approximate": "none"}


class Blank(Value):
    """A tensor of which only the shape is known; its elements are NaN, so that they show."""

    @property
    def array(self) -> Array | None:  # type: ignore[override]
        """NaN in the tensor's shape."""
        return np.full(self.shape, np.nan)


@dataclass(frozen=True, slots=True)
class Rebuilt(Op):
    """An op put together from what its node keeps.

    ``guessed`` says that some argument in the formulas is not among it: its shape stands for it,
    or its default.
    """

    guessed: bool


def op_behind(step: Step, run: NodeRun) -> Op | None:
    """Return the op whose derivative a node run computes, None where it is not known.

    Raises ``NotKept`` where the node keeps something that the recording does not have.
    """
    node = step.nodes[run.node]
    if node.op is not None:
        op = step.events[node.op]
        assert isinstance(op, Op)
        return op
    if _GENERATED.search(node.name) is None:
        return None
    key = _GENERATED.sub("", node.name).lower()
    saved = _arguments(node.saved)
    fitting = [each for each in _by_key().get(key, ()) if _edges(each, node) is not None]
    if not fitting:
        return None
    rule = max(fitting, key=lambda each: _fit(each, saved))
    return _rebuilt(rule, node, run, saved)


def _fit(rule: Rule, saved: Mapping[str, Argument]) -> tuple[int, int]:
    """Return how well a rule's names go with what is kept: more known first, fewer unknown next."""
    names = {name for formula in rule.vjps.values() for name in formula.names}
    return len(names & saved.keys()), -len(names - saved.keys())


@cache
def _by_key() -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in all_rules().values():
        key = rule.op.partition(".")[0].removesuffix("_forward").replace("_", "").lower()
        found.setdefault(key, []).append(rule)
    return found


def _edges(rule: Rule, node: Node) -> dict[str, int] | None:
    """Return how many edges each argument of the rule has, None where they do not fit."""
    count = len(node.next)
    names = list(rule.vjps)
    if names == ["tensors"]:
        return {names[0]: count}
    return None if count > len(names) else dict.fromkeys(names[:count], 1)


def _rebuilt(rule: Rule, node: Node, run: NodeRun, saved: Mapping[str, Argument]) -> Op:
    used = {name for formula in rule.vjps.values() for name in formula.names}
    for name, value in node.saved.items():
        if value is None and name in used and name not in _DEFAULTS:
            raise NotKept("saved-values-unseen")
    arguments = dict(saved)
    position = 0
    for name, count in (_edges(rule, node) or {}).items():
        shapes = [_blank(run, position + place) for place in range(count)]
        if not isinstance(arguments.get(name), (Value, tuple)):
            arguments[name] = shapes[0] if count == 1 else tuple(shapes)
        position += count
    for name in used - arguments.keys():
        if re.fullmatch(r"[yG]\d*|[yG]s|layout_of_.*", name) is None:
            arguments[name] = _DEFAULTS.get(name)
    outputs: list[Value | None] = [_like(each) for each in run.grad_outputs]
    for name, item in saved.items():
        result = _RESULT.fullmatch(name)
        if result is not None and isinstance(item, Value):
            place = int(result[1] or 0)
            outputs += [None] * (place + 1 - len(outputs))
            outputs[place] = item
    return Rebuilt(
        run.index,
        "op",
        run.phase,
        None,
        None,
        f"aten::{rule.op}",
        arguments,
        tuple(outputs),
        run.node,
        True,
        (),
        guessed=any(_is_guess(name, saved, outputs) for name in used),
    )


def _is_guess(name: str, saved: Mapping[str, Argument], outputs: Sequence[Value | None]) -> bool:
    if name == "ys" or re.fullmatch(r"y\d*", name):
        return any(isinstance(output, Blank) for output in outputs)
    return name[0] != "G" and name not in saved


def _arguments(saved: Mapping[str, Value | None]) -> dict[str, Argument]:
    """Return what a node keeps as arguments of its op: ``dim.0``, ``dim.1``, … as one tuple."""
    found: dict[str, Argument] = {}
    for key, value in saved.items():
        name, _, place = key.partition(".")
        if value is None:
            continue
        item: Argument = _number(value) if value.slot.kind == "scalar" else value
        before = found.get(name, ())
        found[name] = (*before, item) if place and isinstance(before, tuple) else item
    return found


def _number(value: Value) -> float | int | None:
    number = value.number
    return int(number) if number is not None and number.is_integer() else number


def _blank(run: NodeRun, position: int) -> Value | None:
    sent = run.grad_inputs
    return _like(sent[position]) if position < len(sent) else None


def _like(value: Value | None) -> Value | None:
    if value is None:
        return None
    slot = value.slot
    blank = Slot("none", 0, slot.dtype, slot.shape, stride=dense(slot.shape))
    return Blank(value.step, value.index, blank)
