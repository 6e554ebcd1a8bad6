"""How values flow through the ops of one step: who made them, who takes them, from what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

import numpy as np

from retrograd.store.elements import Array
from retrograd.store.model import (
    Accumulation,
    BackwardCall,
    GradChange,
    NodeRun,
    Op,
    StepCall,
    Update,
    ZeroGrad,
)
from retrograd.store.step import Step
from retrograd.store.value import Value

RESHAPING: Final = frozenset(
    {
        "view", "reshape", "_unsafe_view", "squeeze", "unsqueeze", "t", "transpose", "permute",
        "flatten", "unflatten", "expand", "expand_as", "alias", "contiguous", "clone", "_to_copy",
        "to", "select", "slice", "view_as", "detach", "lift_fresh", "_reshape_alias", "numpy_T",
        "copy_",
    }
)  # fmt: skip
"""Ops that hand elements on as they are."""

CHOOSING: Final = frozenset(
    {"stack", "cat", "index", "index_select", "gather", "unbind", "split", "chunk", "narrow"}
)
"""Ops that make a batch of examples."""

_CUTTING: Final = frozenset(
    {"detach", "argmax", "argmin", "bernoulli", "empty_like", "zeros_like", "ones_like"}
    | {"full_like", "rand_like", "randn_like", "new_zeros", "new_ones", "new_empty", "new_full"}
)
"""Ops whose result has no history, whatever they are given."""
_DIFFERENTIABLE: Final = ("float", "bfloat", "complex")


def kind(op: Op) -> str:
    """Return an op's bare name: ``add`` of ``aten::add.Tensor``."""
    return op.name.partition("::")[2].partition(".")[0]


def tensors(argument: Any) -> Iterator[Value]:
    """Yield the tensors of an argument, also inside lists; numbers are none."""
    if isinstance(argument, Value):
        if argument.slot.kind != "scalar":
            yield argument
    elif isinstance(argument, tuple):
        for item in argument:
            yield from tensors(item)


def inputs(op: Op) -> list[Value]:
    """Return the tensors that an op takes, in the order of its arguments."""
    return [value for argument in op.arguments.values() for value in tensors(argument)]


def alike(one: Value, other: Value) -> bool:
    """Tell whether two values hold the same, as far as the file knows."""
    if (one.shape, one.dtype) != (other.shape, other.dtype):
        return False
    arrays = one.array, other.array
    if arrays[0] is not None and arrays[1] is not None:
        return arrays[0].tobytes() == arrays[1].tobytes()
    return one.statistics is not None and one.statistics == other.statistics


class Flow:
    """The events of one step by kind, and the way values take through its ops."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.index = step.index
        self.events = step.events

    @cached_property
    def ops(self) -> tuple[Op, ...]:
        """The ops."""
        return tuple([event for event in self.events if isinstance(event, Op)])

    @cached_property
    def passes(self) -> tuple[BackwardCall, ...]:
        """The calls of ``backward()`` and ``torch.autograd.grad``."""
        return tuple([event for event in self.events if isinstance(event, BackwardCall)])

    @cached_property
    def runs(self) -> tuple[NodeRun, ...]:
        """The runs of autograd nodes."""
        return tuple([event for event in self.events if isinstance(event, NodeRun)])

    @cached_property
    def accumulations(self) -> tuple[Accumulation, ...]:
        """What was added to ``.grad``."""
        return tuple([event for event in self.events if isinstance(event, Accumulation)])

    @cached_property
    def updates(self) -> tuple[Update, ...]:
        """The updates of parameters."""
        return tuple([event for event in self.events if isinstance(event, Update)])

    @cached_property
    def ledger(self) -> tuple[Accumulation | ZeroGrad | GradChange | Update | StepCall, ...]:
        """Everything that happened to ``.grad`` and to parameters, in order."""
        wanted = (Accumulation, ZeroGrad, GradChange, Update, StepCall)
        return tuple([event for event in self.events if isinstance(event, wanted)])

    @cached_property
    def producers(self) -> dict[int, Op]:
        """The op that made each value, by the value's index."""
        found: dict[int, Op] = {}
        for op in self.ops:
            taken = {value.index for value in inputs(op)}
            for output in op.outputs:
                if output is not None and output.index not in taken:
                    found.setdefault(output.index, op)
        for index, source in self._changed.items():
            if source in found:
                found.setdefault(index, found[source])
        return found

    @cached_property
    def consumers(self) -> dict[int, list[Op]]:
        """The ops that take each value, by the value's index."""
        found: dict[int, list[Op]] = {}
        for op in self.ops:
            for value in inputs(op):
                found.setdefault(self._changed.get(value.index, value.index), []).append(op)
        return found

    @cached_property
    def _changed(self) -> dict[int, int]:
        """Values that an op changed in place and that came back as another value."""
        made = {out.index for op in self.ops for out in op.outputs if out is not None}
        found: dict[int, int] = {}
        changed: list[Value] = []
        for op in self.ops:
            fresh = kind(op) == "lift_fresh"  # numbers from Python: equal, and another tensor
            for value in inputs(op) if changed and not fresh else ():
                if value.index in made or value.index in found or not value.slot.external:
                    continue
                for out in reversed(changed):
                    if alike(out, value):
                        found[value.index] = out.index
                        break
            if op.mutates:
                changed += [out for out in op.outputs if out is not None]
        return found

    @cached_property
    def roots(self) -> tuple[Value, ...]:
        """The values that ``backward()`` was called on."""
        return tuple([root for call in self.passes for root in call.roots if root is not None])

    @cached_property
    def loss_ops(self) -> frozenset[int]:
        """Events of the ops that the roots were made from."""
        found: set[int] = set()
        for root in self.roots:
            found |= self.above(root)
        return frozenset(found)

    def above(self, value: Value) -> set[int]:
        """Return the events of all ops that a value was made from."""
        found: set[int] = set()
        waiting = [value.index]
        seen = {value.index}
        while waiting:
            op = self.producers.get(waiting.pop())
            if op is None or op.index in found:
                continue
            found.add(op.index)
            for item in inputs(op):
                if item.index not in seen:
                    seen.add(item.index)
                    waiting.append(item.index)
        return found

    def below(self, values: Iterable[Value]) -> set[int]:
        """Return the events of all ops that values went into, directly or through others."""
        found: set[int] = set()
        waiting = [value.index for value in values]
        while waiting:
            for op in self.consumers.get(waiting.pop(), ()):
                if op.index not in found:
                    found.add(op.index)
                    waiting += [out.index for out in op.outputs if out is not None]
        return found

    @cached_property
    def passages(self) -> dict[int, int]:
        """For each op before the loss, the next one that all ways from it to the loss take."""
        found: dict[int, int] = {}
        depth: dict[int, int] = {}  # passages between an op and the loss
        for index in sorted(self.loss_ops, reverse=True):
            met: int | None = None
            for user in self._users(index):
                if met is None:
                    met = user
                while met is not None and met != user:
                    if depth[met] > depth[user]:
                        met = found.get(met)
                    elif user in found:
                        user = found[user]
                    else:
                        met = None  # the ways end apart
                if met is None:
                    break
            if met is not None:
                found[index] = met
            depth[index] = 0 if met is None else depth[met] + 1
        return found

    def _users(self, event: int) -> list[int]:
        """Return the events of the ops before the loss that take what an op made."""
        op = self.events[event]
        return [
            user.index
            for out in (op.outputs if isinstance(op, Op) else ())
            if out is not None
            for user in self.consumers.get(out.index, ())
            if user.index in self.loss_ops and user.index > event
        ]

    @property
    def tries_points(self) -> bool:
        """Whether an optimizer goes several steps in one, and tries how far, as LBFGS does."""
        return any("max_iter" in update.hyperparameters for update in self.updates)

    def kinds(self, events: Iterable[int]) -> set[str]:
        """Return the bare names of the ops among some events."""
        return {kind(event) for i in events if isinstance(event := self.events[i], Op)}

    def origin(self, value: Value) -> Op | None:
        """Return the op that computed a value, looking through what only reshapes it."""
        op = self.producers.get(value.index)
        for _ in range(64):
            if op is None or kind(op) not in RESHAPING:
                return op
            taken = inputs(op)
            if not taken:
                return op
            source = taken[-1] if kind(op) == "copy_" else taken[0]
            op = self.producers.get(source.index)
        return op

    def source(self, value: Value) -> Value:
        """Return the value that another one only reshapes."""
        for _ in range(64):
            op = self.producers.get(value.index)
            if op is None or kind(op) not in RESHAPING or not inputs(op):
                return value
            if kind(op) == "copy_" and self.parameter_of(value) is not None:
                return value  # a parameter that was set: it is one still
            value = inputs(op)[-1] if kind(op) == "copy_" else inputs(op)[0]
        return value

    def maker(self, value: Value, column: int | None = None) -> Op | None:
        """Return the op that made the numbers of a value, which others only choose and join.

        ``column``: of these columns of a table: what joins it to the others is its maker.
        """
        found = None
        for _ in range(64):
            op = self.producers.get(value.index)
            if op is None:
                return self._overwrites.get((value.name, value.shape, value.dtype), found)
            found = op
            if kind(op) not in RESHAPING | CHOOSING or not inputs(op):
                break
            joins = kind(op) in ("cat", "stack") and op.arguments.get("dim") in (1, -1)
            if joins and column is not None:
                break
            value = inputs(op)[-1] if kind(op) == "copy_" else inputs(op)[0]
        return found

    @cached_property
    def _overwrites(self) -> dict[tuple[str | None, tuple[int, ...], str], Op]:
        """The last op that wrote into a part of each named tensor, as in ``x[3] = 0``."""
        found: dict[tuple[str | None, tuple[int, ...], str], Op] = {}
        for op in self.ops:
            part = inputs(op)[0] if op.mutates and inputs(op) else None
            base = None if part is None else self.source(part)
            if part is not None and base is not None and base.index != part.index and base.name:
                found[base.name, base.shape, base.dtype] = op
        return found

    def trained(self, value: Value) -> bool:
        """Tell whether parameters went into a value, cut from them or not."""
        if value.slot.parameter is not None or value.slot.requires_grad:
            return True
        events = self.above(value)
        return any(
            item.slot.parameter is not None or item.slot.requires_grad
            for index in events
            for item in inputs(self.events[index])  # type: ignore[arg-type]
        )

    @cached_property
    def frozen(self) -> frozenset[int]:
        """The parameters that were used with ``requires_grad`` off."""
        return frozenset(
            value.slot.parameter
            for op in self.ops
            for value in (inputs(op) if op.grad else ())
            if value.slot.parameter is not None and value.slot.leaf and not value.slot.requires_grad
        )

    def parameter_of(self, value: Value) -> int | None:
        """Return which parameter a value is, None for any other value.

        A leaf that has no gradient yet may have got its number later than it was used: then the
        update at the end of the step read the same value.
        """
        found = value.slot.parameter
        return self._before.get(value.index) if found is None else found

    def parameter_behind(self, value: Value) -> int | None:
        """Return which parameter a value is, or only reshapes."""
        number = self.parameter_of(value)
        return self.parameter_of(self.source(value)) if number is None else number

    @cached_property
    def _before(self) -> dict[int, int]:
        return {u.before.index: u.parameter for u in self.updates if u.before is not None}

    def gradient_read(self, update: Update) -> Array | None:
        """Return the gradient that an update went by: ``.grad``, else ``autograd.grad``'s."""
        if update.gradient is not None:
            return update.gradient.array
        return self.computed(update.parameter) if update.manual else None

    def computed(self, parameter: int) -> Array | None:
        """Return the gradient that the passes of the step computed for a parameter."""
        known = self.contributions(parameter)
        if not known or len({array.shape for array in known}) > 1:
            return None
        return np.asarray(sum(array.astype(np.float64) for array in known))

    def contributions(self, parameter: int) -> list[Array]:
        """Return what each way to a parameter added to its gradient; none if one is not known."""
        found = [
            value.array
            for run in self.runs
            for edge, value in zip(self.step.nodes[run.node].next, run.grad_inputs, strict=False)
            if edge is not None
            and value is not None
            and self.step.nodes[edge.node].parameter == parameter
        ]
        known = [array for array in found if array is not None]
        return known if len(known) == len(found) else []

    @cached_property
    def requires(self) -> frozenset[int]:
        """Indices of the values that have a history which leads to a leaf.

        The file says it of what a backward pass reached; for the rest it follows from the ops.
        """
        found = {value.index for value in self.step.values if value.slot.requires_grad}
        for op in self.ops:
            if not op.grad or kind(op) in _CUTTING:
                continue
            if any(value.index in found for value in inputs(op)):
                found |= {
                    out.index
                    for out in op.outputs
                    if out is not None and out.dtype.startswith(_DIFFERENTIABLE)
                }
        return frozenset(found)

    def cuts(self, op: Op) -> bool:
        """Tell whether an op takes a value that has a history and gives none that has one."""
        if not any(value.index in self.requires for value in inputs(op)):
            return False
        outputs = [value for value in op.outputs if value is not None]
        if kind(op) == "_local_scalar_dense":
            return True
        return bool(outputs) and all(
            value.index not in self.requires or (value.slot.leaf and value.slot.requires_grad)
            for value in outputs  # a leaf that an op made is a new beginning
        )

    @cached_property
    def parameter_nodes(self) -> dict[int, frozenset[int]]:
        """For each node of the graph, the parameters that lie behind it."""
        found: dict[int, frozenset[int]] = {}
        nodes = self.step.nodes
        for start in range(len(nodes)):
            stack = [(start, False)]
            while stack:
                index, done = stack.pop()
                if index in found and not done:
                    continue
                node = nodes[index]
                if done:
                    union: frozenset[int] = frozenset()
                    for edge in node.next:
                        if edge is not None:
                            union |= found.get(edge.node, frozenset())
                    found[index] = union
                elif node.parameter is not None:
                    found[index] = frozenset({node.parameter})
                else:
                    found[index] = frozenset()
                    stack.append((index, True))
                    stack += [(e.node, False) for e in node.next if e and e.node not in found]
        return found
