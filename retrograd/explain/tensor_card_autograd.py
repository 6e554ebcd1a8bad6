"""What autograd knows of a tensor: leaf or not, and why; its node; who keeps it; its ``.grad``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from retrograd.explain.op_title import op_word
from retrograd.explain.provenance_origin import Tracer
from retrograd.explain.provenance_pass import place
from retrograd.explain.provenance_target import Kind, Target
from retrograd.explain.tensor_card_memory import Storages
from retrograd.messages.message import Message, message
from retrograd.store.model import (
    Accumulation,
    Argument,
    GradChange,
    Node,
    Op,
    Update,
    ZeroGrad,
)
from retrograd.store.step import Step
from retrograd.store.value import Value

_LISTED: Final = 16
"""Most nodes of the way to the leaves that are listed."""
_WITH_GRADIENT: Final = ("float", "bfloat", "complex")


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node on the way from ``grad_fn`` to the leaves; ``leaf`` is the parameter that it fills."""

    node: Node
    depth: int  # 0 is grad_fn itself
    leaf: str | None
    seen: bool  # its own way is listed above


@dataclass(frozen=True, slots=True)
class Kept:
    """A node that keeps the tensor for its backward formula."""

    node: Node
    name: str  # what the node calls it
    freed: int | None  # the event after which it is freed


@dataclass(frozen=True, slots=True)
class GradEntry:
    """One event that changed ``.grad``."""

    event: Accumulation | GradChange | ZeroGrad
    before: Value | None
    contribution: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Autograd:
    """The facts; ``requires_grad`` and ``leaf`` are None where the recording cannot tell."""

    requires_grad: bool | None
    leaf: bool | None
    why: Message
    way: tuple[GraphNode, ...]  # from grad_fn on; empty without one
    more: bool  # whether the way is longer
    kept: tuple[Kept, ...]
    writes: tuple[Op | Update, ...]  # into its storage; each raised the version counter
    grads: tuple[GradEntry, ...]  # empty for what has no .grad
    no_grad: Message | None  # why there is no .grad


def autograd(step: Step, about: Target, value: Value, storages: Storages) -> Autograd:
    """Return what autograd knows of a value of a step."""
    tracer = Tracer(step)
    made = tracer.made(value)
    node = None if made is None or made[0].node is None else step.nodes[made[0].node]
    requires, leaf, why = _leaf(tracer, about, value, node)
    way = list(_way(step, node)) if node is not None else []
    entries = tuple(_entries(step, about.parameter)) if about.kind is Kind.PARAMETER else ()
    return Autograd(
        requires,
        leaf,
        why,
        tuple(way[:_LISTED]),
        len(way) > _LISTED,
        tuple(_kept(step, value)),
        storages.writes(value),
        entries,
        None if entries else _no_grad(about, requires, leaf),
    )


def _leaf(
    tracer: Tracer, about: Target, value: Value, node: Node | None
) -> tuple[bool | None, bool | None, Message]:
    """Return requires_grad, whether it is a leaf, and why."""
    made = tracer.made(value)
    if about.kind is Kind.PARAMETER and about.parameter is not None:
        parameter = tracer.step.recording.parameters[about.parameter]
        if not parameter.requires_grad:
            return False, True, message("tensor-leaf-frozen")
        if made is not None and made[0].node is None:
            return True, True, message("tensor-leaf-made", op=_short(made[0]), place=place(made[0]))
        if made is None:
            return True, True, message("tensor-leaf-outside")
    if about.kind in (Kind.PARAMETER_GRADIENT, Kind.GRADIENT):
        return _leaf_of_gradient(value)
    if not value.dtype.startswith(_WITH_GRADIENT):
        return False, True, message("tensor-leaf-whole-numbers", dtype=value.dtype)
    if made is None:
        if value.slot.requires_grad:
            return True, value.slot.leaf, message("tensor-leaf-outside")
        return False, True, message("tensor-leaf-data")
    op = made[0]
    if node is not None:
        name = node.name
        return True, False, message("tensor-not-leaf", op=_short(op), place=place(op), node=name)
    if not op.grad:
        return False, True, message("tensor-leaf-no-grad", op=_short(op), place=place(op))
    if _short(op).startswith("detach"):
        return False, True, message("tensor-leaf-detached", place=place(op))
    if not any(_may_require(tracer, item, set()) for item in op.arguments.values()):
        return False, True, message("tensor-leaf-from-data", op=_short(op), place=place(op))
    return None, None, message("tensor-leaf-unknown", op=_short(op), place=place(op))


def _leaf_of_gradient(value: Value) -> tuple[bool | None, bool | None, Message]:
    if value.slot.requires_grad:
        return True, value.slot.leaf, message("tensor-grad-with-graph")
    return False, True, message("tensor-grad-is-data")


def _may_require(tracer: Tracer, item: Argument, seen: set[int]) -> bool:
    """Return whether an argument requires a gradient, as far as the step can tell."""
    if isinstance(item, tuple):
        return any(_may_require(tracer, part, seen) for part in item)
    if not isinstance(item, Value) or item.index in seen:
        return False
    seen.add(item.index)
    if item.slot.requires_grad:
        return True
    made = tracer.made(item)
    if made is None or not made[0].grad or _short(made[0]) == "detach":
        return False
    return any(_may_require(tracer, part, seen) for part in made[0].arguments.values())


def _short(op: Op) -> str:
    return op_word(op.name)


def _way(step: Step, start: Node) -> list[GraphNode]:
    """Return the nodes that gradients go to from a node, depth first, each way once."""
    found: list[GraphNode] = []
    seen: set[int] = set()
    stack = [(start.index, 0)]
    while stack and len(found) <= _LISTED:
        number, depth = stack.pop()
        node = step.nodes[number]
        leaf = None if node.parameter is None else step.recording.parameters[node.parameter].name
        known = number in seen
        found.append(GraphNode(node, depth, leaf, known and bool(node.next)))
        if not known:
            seen.add(number)
            further = [edge.node for edge in node.next if edge is not None]
            stack += [(edge, depth + 1) for edge in reversed(further)]
    return found


def _kept(step: Step, value: Value) -> list[Kept]:
    return [
        Kept(node, name, node.freed)
        for node in step.nodes
        for name, saved in node.saved.items()
        if saved is not None and saved.index == value.index
    ]


def _entries(step: Step, parameter: int | None) -> list[GradEntry]:
    found = []
    for event in step.events:
        if isinstance(event, ZeroGrad):
            for change in event.changes:
                if change.parameter == parameter:
                    found.append(GradEntry(event, change.before, None, change.after))
        elif isinstance(event, Accumulation) and event.parameter == parameter:
            found.append(GradEntry(event, event.before, event.contribution, event.after))
        elif isinstance(event, GradChange) and event.parameter == parameter:
            found.append(GradEntry(event, event.before, None, event.after))
    return found


def _no_grad(about: Target, requires: bool | None, leaf: bool | None) -> Message:
    if about.kind in (Kind.PARAMETER_GRADIENT, Kind.GRADIENT):
        return message("tensor-no-grad-of-gradient")
    if about.kind is Kind.PARAMETER and requires:
        return message("tensor-no-grad-yet", name=about.name)
    if requires is False:
        return message("tensor-no-grad-not-wanted")
    if leaf is False:
        return message("tensor-no-grad-not-leaf", name=about.name)
    return message("tensor-no-grad-unknown")
